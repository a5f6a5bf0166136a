//! The program as its user meets it: commands in, lines out, an exit code.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Output, Stdio};

fn start() -> Child {
    Command::new(env!("CARGO_BIN_EXE_counter"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the example was built")
}

/// Runs the program with this input and waits for its end.
fn run(input: &str) -> (Output, Vec<String>) {
    let mut program = start();
    let mut stdin = program.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = program.wait_with_output().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    (output, lines)
}

#[test]
fn a_crashed_counter_comes_back_and_the_tree_tells() {
    let (output, lines) = run("add 10\nget\ncrash counter\nget\ntree\n");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(lines[..2], ["10", "0"]);
    let tree = &lines[2..];
    assert_eq!(tree.len(), 4, "{tree:?}");
    assert!(tree[0].starts_with("AppSup #PID<"), "{}", tree[0]);
    assert!(tree[1].starts_with("├── Counter #PID<"), "{}", tree[1]);
    assert!(tree[1].ends_with("(restarts: 1)"), "{}", tree[1]);
    assert!(tree[2].starts_with("└── Storage #PID<"), "{}", tree[2]);
    assert!(tree[3].starts_with("    └── KvStore<String, String> #PID<"), "{}", tree[3]);
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(report.contains("crashed on request at 10"), "{report}");
}

#[test]
fn every_command_does_what_help_says() {
    let (output, lines) = run("increment\nincrement\nreset\nget\nput k a b\nfetch k\nfetch x\n\
                               nonsense\nadd x\n\nhelp\nquit\nget\n");
    assert_eq!(output.status.code(), Some(0));
    let expected = [
        "1",
        "2",
        "0",
        "a b",
        "`x` is not stored",
        "unknown command `nonsense`; try `help`",
        "`x` is not a whole number",
    ];
    assert_eq!(lines[..7], expected);
    assert!(lines[7].starts_with("increment"));
    assert!(lines.last().unwrap().starts_with("quit"), "nothing runs after quit");
}

#[cfg(unix)]
#[test]
fn a_signal_stops_the_tree_with_exit_code_zero() {
    for signal in ["-TERM", "-INT"] {
        let mut program = start();
        let mut stdin = program.stdin.take().unwrap();
        writeln!(stdin, "get").unwrap();
        let mut stdout = BufReader::new(program.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, "0\n");
        let pid = program.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let status = program.wait().unwrap();
        let mut errors = String::new();
        program.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert_eq!((status.code(), errors.as_str()), (Some(0), ""), "{signal}");
        drop(stdin);
    }
}
