//! The program as its user meets it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn file(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_file(&path);
    path
}

/// Runs the program with this input and waits for its end.
fn run(path: &Path, input: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_counter-persistent"))
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built");
    let _ = program.stdin.take().unwrap().write_all(input.as_bytes());
    program.wait_with_output().unwrap()
}

fn lines(bytes: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect()
}

#[test]
fn the_value_is_there_the_next_time() {
    let path = file("session.redb");
    let first = run(&path, "increment\nadd 40\nnonsense\n\u{1b}[2J\nadd x\nquit\nget\n");
    assert_eq!(first.status.code(), Some(0));
    let help = "commands: increment, add <n>, get, reset, quit";
    assert_eq!(lines(&first.stdout), ["1", "41", help, help, "\"x\" is not a whole number"]);
    let second = run(&path, "get\nreset\nget\n");
    assert_eq!(lines(&second.stdout), ["41", "0", "0"]);
}

/// One clear line, and exit code 1.
fn refused(path: &Path, text: &str) {
    let output = run(path, "get\n");
    let errors = lines(&output.stderr);
    assert_eq!((output.status.code(), lines(&output.stdout)), (Some(1), Vec::new()), "{errors:?}");
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].contains("`AppSup.PersistentCounter`"), "{errors:?}");
    assert!(errors[0].contains(text), "{errors:?}");
}

#[test]
fn a_file_that_cannot_be_used_is_refused() {
    let garbage = file("garbage.redb");
    std::fs::write(&garbage, "this is not a database").unwrap();
    refused(&garbage, "Not a redb database");
    refused(Path::new("/nowhere/counter.redb"), "No such file or directory");
    refused(Path::new(env!("CARGO_TARGET_TMPDIR")), "directory");
}

#[test]
fn a_file_in_use_is_refused() {
    let path = file("locked.redb");
    let _first = counter_persistent::Store::open(&path).unwrap();
    refused(&path, "another process has it open");
}
