//! A supervised tree driven by commands from standard input: the tutorial's counter, a key-value
//! store, and a supervisor inside a supervisor.

use std::io::{IsTerminal, Write, stdin, stdout};

use otp::prelude::*;

mod command;
mod counter;
mod store;

use command::Command;
use counter::Counter;
use store::KvStore;

/// The store that the commands use.
type Texts = KvStore<String, String>;

supervisor! {
    /// Everything that runs, in start order.
    AppSup(initial: i64) {
        strategy: one_for_one,
        children: [
            Counter(initial),
            supervisor Storage {
                strategy: rest_for_one,
                children: [KvStore::<String, String>],
            },
        ],
    }
}

/// A line that somebody typed, or `None` at the end of the input.
struct Line(Option<String>);

#[otp::main]
async fn main() -> otp::Result<()> {
    AppSup::start_link(0).await?;
    read_lines_for(process::self_pid());
    let at_terminal = stdin().is_terminal();
    if at_terminal {
        println!("{}", command::HELP);
    }
    loop {
        if at_terminal {
            print!("> ");
            stdout().flush()?;
        }
        let Line(Some(line)) = process::receive_type().await else { return Ok(()) };
        if line.trim().is_empty() {
            continue;
        }
        match Command::parse(&line) {
            Ok(Command::Quit) => return Ok(()),
            Ok(command) => match command.run().await {
                Ok(Some(text)) => println!("{text}"),
                Ok(None) => {}
                Err(error) => println!("{error}"),
            },
            Err(text) => println!("{text}"),
        }
    }
}

/// Sends each line of standard input to a process. Reading blocks, so it has a thread of its own.
fn read_lines_for(reader: Pid) {
    std::thread::spawn(move || {
        for line in stdin().lines() {
            let Ok(line) = line else { break };
            process::send(reader, Line(Some(line)));
        }
        process::send(reader, Line(None));
    });
}
