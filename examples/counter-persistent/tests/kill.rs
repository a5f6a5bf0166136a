//! What was answered is there after `kill -9`, whenever that comes.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use harness::{folder, kill_rounds};

fn start(program: &mut Command) -> Child {
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    program.spawn().expect("the program was built")
}

/// Asks for increments without a pause and kills the program when it has given so many answers,
/// which is in the middle of some later one. Returns the last answer, and how many were asked for.
fn increment_and_kill(mut program: Child, answers: usize) -> (i64, i64) {
    let mut stdin = program.stdin.take().unwrap();
    let asking = std::thread::spawn(move || {
        let mut asked = 0;
        while stdin.write_all(b"increment\n").is_ok() {
            asked += 1;
        }
        asked
    });
    let stdout = BufReader::new(program.stdout.take().unwrap());
    // A line that was cut off by the kill is no answer.
    let lines = stdout.lines().map_while(Result::ok);
    let mut values = lines.filter_map(|line| line.parse::<i64>().ok());
    let enough = values.by_ref().take(answers).last().expect("it answers");
    program.kill().unwrap();
    let last = values.last().unwrap_or(enough);
    program.wait().unwrap();
    (last, asking.join().unwrap())
}

fn counter(path: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_counter-persistent"));
    program.arg(path);
    program
}

/// What the program says the value is.
fn value(mut program: Command) -> Option<i64> {
    let mut program = start(&mut program);
    program.stdin.take().unwrap().write_all(b"get\n").unwrap();
    let output = program.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().ok()
}

#[test]
fn what_was_answered_is_there_after_a_kill() {
    let path = folder(env!("CARGO_TARGET_TMPDIR"), "kill").join("counter.redb");
    let mut before = 0;
    for round in 0..kill_rounds() {
        let (answered, asked) = increment_and_kill(start(&mut counter(&path)), 1 + round % 17);
        let most = before + asked;
        let kept = value(counter(&path)).expect("the file opens again");
        assert!((answered..=most).contains(&kept), "answered {answered}, {most} asked, {kept}");
        before = kept;
    }
}

/// The negative control: a counter that rewrites a text file in place, as the tutorial's does. A
/// kill between emptying and filling the file loses everything, and the same rounds show it.
#[test]
fn a_plain_file_does_not_survive_the_same() {
    let path = folder(env!("CARGO_TARGET_TMPDIR"), "plain").join("counter.txt");
    let plain = || {
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.args(["--exact", "plain_file_counter", "--nocapture"]).env("PLAIN_FILE", &path);
        program
    };
    let lost = (0..10 * kill_rounds()).any(|round| {
        let (answered, _) = increment_and_kill(start(&mut plain()), 1 + round % 17);
        let kept = std::fs::read_to_string(&path).ok().and_then(|text| text.parse::<i64>().ok());
        kept.is_none_or(|kept| kept < answered)
    });
    assert!(lost, "the plain file survived, so the rounds prove nothing");
}

/// The program of the negative control, when this test runs itself as one.
#[test]
fn plain_file_counter() {
    let Some(path) = std::env::var_os("PLAIN_FILE") else { return };
    let load = || std::fs::read_to_string(&path).ok()?.trim().parse::<i64>().ok();
    let mut value = load().unwrap_or(0);
    for _ in std::io::stdin().lines().map_while(Result::ok) {
        value += 1;
        std::fs::write(&path, value.to_string()).unwrap();
        println!("{value}");
    }
}
