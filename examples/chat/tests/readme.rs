//! The commands in the README do what it says.

mod support;

use std::process::Command;

use harness::readme::{Example, examples};
use harness::{Program, Signal, folder, needs};

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
    let examples = examples(include_str!("../README.md"));
    let [start, others @ ..] = &examples[..] else { panic!("{examples:?}") };
    assert_eq!(start.command, "cargo run -q -p chat");
    let [page, lines] = &start.output[..] else { panic!("{start:?}") };
    let mut program = Command::new(env!("CARGO_BIN_EXE_chat"));
    program.env_remove("OTP_CONFIG").current_dir(&here);
    program.envs([("CHAT_HTTP", "127.0.0.1:0"), ("CHAT_TCP", "127.0.0.1:0")]);
    let program = Program::start(program);
    // The ports are others, and all else is as written.
    let port = |written: &str, separator: char| -> [String; 2] {
        let (before, port) = written.rsplit_once(separator).unwrap();
        let found = program.wait_for(|line| {
            let (same, found) = line.rsplit_once(separator)?;
            (same == before).then(|| found.to_owned())
        });
        [port.to_owned(), found]
    };
    let ports = [port(page, ':'), port(lines, ' ')];
    for Example { command, output: printed } in others {
        let here_command = ports
            .iter()
            .fold(command.clone(), |command, [written, found]| command.replace(written, found));
        let output =
            Command::new("sh").args(["-c", &here_command]).current_dir(&here).output().unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        let output: Vec<String> = output.lines().map(timeless).collect();
        let printed: Vec<String> = printed.iter().map(|line| timeless(line)).collect();
        assert_eq!(output, printed, "{command}");
    }
    assert!(others.len() >= 3, "{others:?}");
    program.signal(Signal::Term);
    assert_eq!(program.wait().code, Some(0));
    assert!(here.join("chat.redb").exists());
}
