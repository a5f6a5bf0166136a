//! The commands of `README.md` do what it says.

mod support;

use std::process::Command;

use harness::readme::{Example, examples};
use harness::{folder, needs};
use serde_json::Value;
use support::Bank;

/// Without what is another one each time.
fn parsed(text: &str) -> Value {
    let mut value: Value = serde_json::from_str(text).unwrap_or_else(|_| panic!("{text}"));
    let postings = value.get_mut("postings").and_then(Value::as_array_mut);
    for posting in postings.into_iter().flatten() {
        let at = posting["at"].as_i64().expect("a posting has a time");
        assert!(at > 1_700_000_000_000, "{posting}");
        posting["at"] = Value::Null;
    }
    value
}

#[test]
fn the_page_tells_the_truth() {
    if !needs("curl") {
        return;
    }
    let bank = Bank::start(&folder(env!("CARGO_TARGET_TMPDIR"), "readme"));
    let examples = examples(include_str!("../README.md"));
    let [start, requests @ ..] = &examples[..] else { panic!("{examples:?}") };
    assert_eq!(start.command, "cargo run -q -p bank");
    for line in &start.output {
        let line = line.replace("127.0.0.1:4000", &bank.client.address);
        bank.program.wait_for(|found| (found == line).then_some(()));
    }
    assert!(requests.len() >= 9, "{requests:?}");
    for Example { command, output: expected } in requests {
        let command = command.replace("127.0.0.1:4000", &bank.client.address);
        let output = Command::new("sh").args(["-c", &command]).output().unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
        let found = String::from_utf8(output.stdout).unwrap();
        assert_eq!(parsed(&found), parsed(&expected.concat()), "{command}");
    }
}

/// What the program prints at its start can be typed as it is.
#[test]
fn what_the_program_says_can_be_tried() {
    if !needs("curl") {
        return;
    }
    let bank = Bank::start(&folder(env!("CARGO_TARGET_TMPDIR"), "usage"));
    let (_, home) = bank.client.text("/");
    let commands = home.lines().filter(|line| line.starts_with("  curl"));
    let mut tried = 0;
    for command in commands {
        bank.program.wait_for(|line| (line == command).then_some(()));
        let output = Command::new("sh").args(["-c", command]).output().unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(answer.get("error").is_none(), "{command}: {answer}");
        tried += 1;
    }
    assert_eq!((tried, bank.client.balance("bob")), (7, 200));
}
