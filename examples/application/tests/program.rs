//! The program as its user meets it: signals in, lines out, an exit code.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

struct Program {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

/// Everything that the program has said when it is over.
struct Over {
    code: Option<i32>,
    rest: Vec<String>,
    errors: String,
}

impl Program {
    fn start(variables: &[(&str, &str)]) -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_application"))
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the example was built");
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Program { child, stdout }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    fn over(mut self) -> Over {
        let mut stderr = self.child.stderr.take().unwrap();
        let reader = std::thread::spawn(move || {
            let mut errors = String::new();
            stderr.read_to_string(&mut errors).unwrap();
            errors
        });
        let rest = self.stdout.by_ref().lines().map(Result::unwrap).collect();
        let code = self.child.wait().unwrap().code();
        Over { code, rest, errors: reader.join().unwrap() }
    }
}

fn with_fault(fault: &str) -> Program {
    Program::start(&[("SHOP_FAULT", fault)])
}

const UP: &str = "up: application ledger";

#[test]
fn a_signal_stops_the_applications_in_reverse() {
    for signal in ["-TERM", "-INT"] {
        let mut program = Program::start(&[]);
        assert_eq!(program.line(), UP);
        program.signal(signal);
        let over = program.over();
        assert_eq!(over.rest, ["shop stopping", "balance 0", "ledger stopped"]);
        assert_eq!((over.code, over.errors.as_str()), (Some(0), ""), "{signal}");
    }
}

/// Every call is answered or refused, whatever the moment.
#[test]
fn a_stop_under_load_leaves_no_call_behind() {
    for _ in 0..3 {
        let mut program = Program::start(&[("SHOP_CLIENTS", "1000")]);
        assert_eq!((program.line(), program.line()), (UP.to_owned(), "busy".to_owned()));
        program.signal("-TERM");
        let over = program.over();
        assert_eq!((over.code, over.errors.as_str()), (Some(0), ""));
        let number = |line: &str, word: &str| -> u64 {
            let after = line.split(&format!("{word} ")).nth(1).expect("the line has it");
            after.split(' ').next().unwrap().parse().unwrap()
        };
        let [_, balance, outcome, _] = &over.rest[..] else { panic!("{:?}", over.rest) };
        assert_eq!(number(outcome, "refused"), 1000, "{outcome}");
        assert_eq!(number(outcome, "hanging"), 0, "{outcome}");
        // An answer was given for what is in the balance, and for nothing else.
        assert_eq!(number(outcome, "answered"), number(balance, "balance"), "{outcome}");
        assert!(!outcome.contains("Timeout") && !outcome.contains("NoReply"), "{outcome}");
    }
}

#[test]
fn a_failing_init_names_the_path_and_what_runs_is_stopped() {
    let over = with_fault("init_error").over();
    assert_eq!(over.code, Some(1));
    assert_eq!(over.rest, ["balance 0", "ledger stopped"], "the body never runs");
    let last = over.errors.lines().last().unwrap();
    assert_eq!(
        last,
        "Error: the application `application` did not start: child `ShopSup.Web.Endpoint` failed \
         to start: `init` failed: port 80 is in use"
    );
}

#[test]
fn an_init_that_panics_is_a_failed_start() {
    let over = with_fault("init_panic").over();
    assert_eq!(over.code, Some(1));
    let last = over.errors.lines().last().unwrap();
    assert!(last.contains("child `ShopSup.Web.Endpoint` failed to start"), "{last}");
    assert!(last.ends_with("no such interface"), "{last}");
}

#[test]
fn a_taken_name_is_said_clearly() {
    let over = with_fault("name_clash").over();
    assert_eq!(over.code, Some(1));
    let last = over.errors.lines().last().unwrap();
    assert!(last.contains("`ShopSup.Web.Endpoint` failed to start: already started"), "{last}");
}

#[test]
fn a_start_that_hangs_is_broken_off() {
    let mut program = with_fault("init_hang");
    assert_eq!(program.line(), "hanging");
    let begun = Instant::now();
    program.signal("-TERM");
    let over = program.over();
    assert_eq!(over.code, Some(1));
    assert!(begun.elapsed() < Duration::from_secs(60), "a guard against an endless wait only");
    let errors: Vec<&str> = over.errors.lines().collect();
    let asked = "Error: the program was asked to end during the start of `application`";
    assert!(errors.contains(&asked), "{errors:?}");
    // The start is broken off, so there is nothing to kill.
    assert!(!errors.iter().any(|line| line.contains("killed")), "{errors:?}");
}

#[test]
fn a_stop_that_hangs_is_named_and_killed() {
    let mut program = with_fault("hanging_stop");
    assert_eq!(program.line(), UP);
    program.signal("-TERM");
    let over = program.over();
    assert_eq!(over.code, Some(1));
    assert!(over.errors.contains("killed: "), "{}", over.errors);
    assert!(over.errors.contains("application application (#PID<"), "{}", over.errors);
}

#[test]
fn a_second_sigterm_means_nothing() {
    let mut program = with_fault("slow_stop");
    assert_eq!(program.line(), UP);
    program.signal("-TERM");
    assert_eq!(program.line(), "shop stopping");
    program.signal("-TERM");
    program.signal("-INT"); // the first one
    let over = program.over();
    assert_eq!((over.code, over.errors.as_str()), (Some(0), ""));
    assert_eq!(over.rest, ["balance 0", "ledger stopped"]);
}

#[test]
fn a_second_sigint_ends_the_program_at_once() {
    let mut program = with_fault("hanging_stop");
    assert_eq!(program.line(), UP);
    program.signal("-INT");
    assert_eq!(program.line(), "shop stopping");
    program.signal("-INT");
    let over = program.over();
    assert_eq!(over.code, Some(1));
    assert_eq!(over.errors.trim_end(), "Error: stopped at once by a second signal");
}

#[test]
fn a_restart_storm_ends_the_program_in_few_lines() {
    let over = with_fault("storm").over();
    assert_eq!(over.code, Some(1));
    let lines: Vec<&str> = over.errors.lines().collect();
    assert!(lines.len() <= 20, "{} lines: {lines:?}", lines.len());
    assert_eq!(*lines.last().unwrap(), "Error: the application `application` ended: shutdown");
}
