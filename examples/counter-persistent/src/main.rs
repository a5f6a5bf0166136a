//! A counter that survives everything, driven by commands from standard input.

use std::path::PathBuf;

use counter_persistent::{Command, HELP, PersistentCounter};
use otp::prelude::*;

supervisor! {
    /// Everything that runs.
    AppSup(path: PathBuf) {
        strategy: one_for_one,
        children: [PersistentCounter(path)],
    }
}

/// A line that somebody typed, or `None` at the end of the input.
struct Line(Option<String>);

#[otp::main]
async fn main() -> otp::Result<()> {
    let path = std::env::args_os().nth(1).unwrap_or_else(|| "counter.redb".into());
    AppSup::start_link(PathBuf::from(&path)).await?;
    eprintln!("The value is kept in {}. Commands: {HELP}", path.display());
    read_lines_for(process::self_pid());
    loop {
        let Line(Some(line)) = process::receive_type().await else { return Ok(()) };
        match Command::parse(&line) {
            Ok(command) => match command.run().await {
                Ok(Some(value)) => println!("{value}"),
                Ok(None) => return Ok(()),
                Err(error) => println!("{error}"),
            },
            Err(text) => println!("{text}"),
        }
    }
}

/// Sends each line of standard input to a process. Reading blocks, so it has a thread of its own.
fn read_lines_for(reader: Pid) {
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            let Ok(line) = line else { break };
            process::send(reader, Line(Some(line)));
        }
        process::send(reader, Line(None));
    });
}
