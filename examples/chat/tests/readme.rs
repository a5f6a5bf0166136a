//! The commands in the README do what it says.

mod support;

use std::process::Command;

use harness::{Program, Signal, folder, needs};

/// The commands of the `console` blocks, each with the lines that it prints.
fn commands() -> Vec<(String, Vec<String>)> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for line in include_str!("../README.md").lines() {
        match (inside, line) {
            (_, "```console") => inside = true,
            (_, "```") => inside = false,
            (true, line) => match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.to_owned(), Vec::new())),
                (None, Some((_, output))) => output.push(line.to_owned()),
                (None, None) => panic!("a block begins with a command: {line}"),
            },
            (false, _) => {}
        }
    }
    commands
}

/// A line with its time of day replaced.
fn timeless(line: &str) -> String {
    let mut bytes = line.as_bytes().to_vec();
    for at in 0..bytes.len().saturating_sub(4) {
        let clock = |place: usize| bytes[at + place].is_ascii_digit();
        if bytes[at + 2] == b':' && [0, 1, 3, 4].into_iter().all(clock) {
            bytes[at..at + 5].copy_from_slice(b"00:00");
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_commands_work_as_written() {
    if !needs("nc") || !needs("curl") {
        return;
    }
    let here = folder(env!("CARGO_TARGET_TMPDIR"), "readme");
    let mut commands = commands().into_iter();
    let (first, printed) = commands.next().expect("the program is started first");
    assert_eq!(first, "cargo run -q -p chat");
    let mut program = Command::new(env!("CARGO_BIN_EXE_chat"));
    program.env_remove("OTP_CONFIG").current_dir(&here);
    let program = Program::start(program);
    for line in &printed {
        program.wait_for(|found| (found == line).then_some(()));
    }
    let mut run = 0;
    for (command, printed) in commands {
        let output = Command::new("sh").args(["-c", &command]).current_dir(&here).output().unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        let output: Vec<String> = output.lines().map(timeless).collect();
        let printed: Vec<String> = printed.iter().map(|line| timeless(line)).collect();
        assert_eq!(output, printed, "{command}");
        run += 1;
    }
    assert!(run >= 3, "only {run} commands were found");
    program.signal(Signal::Term);
    assert_eq!(program.wait().code, Some(0));
    assert!(here.join("chat.redb").exists());
}
