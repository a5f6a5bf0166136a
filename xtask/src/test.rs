//! `cargo xtask test`: every check and every test of the repository, one after the other.
//!
//! A step that fails does not stop the steps after it. The last line says how many tests passed and
//! how many failed; a step that is no test run (formatting, lints, documentation, tidy) counts as
//! one test.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// One part of `cargo xtask test`.
struct Step {
    name: &'static str,
    run: fn(&Path) -> Outcome,
}

/// Commands that the tests of the examples need, and the Debian package of each.
const PACKAGES: [(&str, &str); 5] = [
    ("chromedriver", "chromium-driver"),
    ("chromium", "chromium"),
    ("curl", "curl"),
    ("nc", "netcat-openbsd"),
    ("strace", "strace"),
];

const STEPS: [Step; 8] = [
    Step { name: "packages", run: packages },
    Step { name: "fmt", run: fmt },
    Step { name: "clippy", run: clippy },
    Step { name: "tests", run: tests },
    Step { name: "ui", run: ui },
    Step { name: "conformance", run: conformance },
    Step { name: "doc", run: doc },
    Step { name: "tidy", run: tidy },
];

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Ran(Tally),
    Skipped { needs: String },
}

/// Numbers of tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Tally {
    /// A step that is one check, not a test run.
    fn one(ok: bool) -> Tally {
        Tally { passed: u64::from(ok), failed: u64::from(!ok) }
    }

    fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs the steps named by `only`, or all of them.
pub(crate) fn run(root: &Path, only: &[String]) -> ExitCode {
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        eprintln!("there is no step `{unknown}`\n\n{}", crate::USAGE);
        return ExitCode::from(2);
    }
    let strict = std::env::var("CI").is_ok_and(|value| value == "true");
    let mut total = Tally::default();
    let mut summary = Vec::new();
    for step in STEPS.iter().filter(|step| only.is_empty() || only.iter().any(|n| n == step.name)) {
        println!("\n== {}", step.name);
        let start = Instant::now();
        let outcome = (step.run)(root);
        total.add(counted(&outcome, strict));
        summary.push(line(step.name, &outcome, start.elapsed()));
    }
    println!("\n{}", summary.join("\n"));
    println!("{total}");
    if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What a step adds to the total. Under `CI=true` nothing may be skipped.
fn counted(outcome: &Outcome, strict: bool) -> Tally {
    match outcome {
        Outcome::Ran(tally) => *tally,
        Outcome::Skipped { .. } if strict => Tally::one(false),
        Outcome::Skipped { .. } => Tally::default(),
    }
}

/// The line of the summary for one step.
fn line(name: &str, outcome: &Outcome, took: Duration) -> String {
    let seconds = took.as_secs_f64();
    match outcome {
        Outcome::Skipped { needs } => format!("{name:<11} skipped: needs {needs}"),
        Outcome::Ran(tally) if tally.failed == 0 => {
            format!("{name:<11} ok     {seconds:>7.1} s  ({tally})")
        }
        Outcome::Ran(tally) => format!("{name:<11} FAILED {seconds:>7.1} s  ({tally})"),
    }
}

/// Installs what the tests of the examples need, where that can be done, or says what to install.
fn packages(_root: &Path) -> Outcome {
    let missing = |(command, _): &&(&str, &str)| !is_installed(command);
    let wanted: Vec<&str> = PACKAGES.iter().filter(missing).map(|(_, package)| *package).collect();
    if wanted.is_empty() {
        return Outcome::Ran(Tally::one(true));
    }
    println!("not installed: {}", wanted.join(", "));
    for arguments in [&["update", "-qq"][..], &["install", "-y", "-qq"]] {
        let mut apt = Command::new("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        if arguments[0] == "install" {
            apt.arg("--no-install-recommends").args(&wanted);
        }
        // Without the right to install, or on another system, the next line says what to do.
        let _ = apt.stdin(Stdio::null()).status();
    }
    if PACKAGES.iter().all(|(command, _)| is_installed(command)) {
        return Outcome::Ran(Tally::one(true));
    }
    skipped(&format!("{0} (as root: apt-get install {0})", wanted.join(" ")))
}

/// Whether a command is found.
fn is_installed(command: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(command).is_file())
}

fn fmt(root: &Path) -> Outcome {
    if !has_component(root, "fmt") {
        return skipped("rustfmt (rustup component add rustfmt)");
    }
    check(crate::cargo(root).args(["fmt", "--all", "--check"]))
}

fn clippy(root: &Path) -> Outcome {
    if !has_component(root, "clippy") {
        return skipped("clippy (rustup component add clippy)");
    }
    let all = ["clippy", "--workspace", "--all-features", "--all-targets", "--", "-D", "warnings"];
    let bare = ["clippy", "--package", "otp", "--no-default-features", "--", "-D", "warnings"];
    let mut tally = Tally::default();
    for arguments in [&all[..], &bare[..]] {
        if let Outcome::Ran(one) = check(crate::cargo(root).args(arguments)) {
            tally.add(one);
        }
    }
    Outcome::Ran(tally)
}

/// Unit, integration and documentation tests of everything that has no step of its own.
fn tests(root: &Path) -> Outcome {
    let arguments = ["test", "--workspace", "--all-features", "--no-fail-fast"];
    test_run(crate::cargo(root).args(arguments).args(["--exclude", "ui-tests"]))
}

fn ui(root: &Path) -> Outcome {
    test_run(crate::cargo(root).args(["test", "--package", "ui-tests", "--no-fail-fast"]))
}

/// The traces of OTP once more, for their table, and whether every statement has a test.
fn conformance(root: &Path) -> Outcome {
    let traces = test_run(&mut crate::conformance::traces(root));
    let mut tally = Tally::one(crate::conformance::covered(root));
    if let Outcome::Ran(traces) = traces {
        tally.add(traces);
    }
    Outcome::Ran(tally)
}

fn doc(root: &Path) -> Outcome {
    let arguments = ["doc", "--workspace", "--all-features", "--no-deps"];
    check(crate::cargo(root).env("RUSTDOCFLAGS", "-D warnings").args(arguments))
}

fn tidy(root: &Path) -> Outcome {
    Outcome::Ran(Tally::one(crate::tidy::check(root)))
}

fn skipped(needs: &str) -> Outcome {
    println!("skipped: needs {needs}");
    Outcome::Skipped { needs: needs.to_owned() }
}

/// Whether `cargo <name>` can be run at all.
fn has_component(root: &Path, name: &str) -> bool {
    crate::cargo(root)
        .args([name, "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A command whose exit code is all there is to know.
fn check(command: &mut Command) -> Outcome {
    let ok = match command.status() {
        Ok(status) => status.success(),
        Err(error) => {
            println!("cannot run cargo: {error}");
            false
        }
    };
    Outcome::Ran(Tally::one(ok))
}

/// A `cargo test`: its output is passed on line by line, and its results are added up.
fn test_run(command: &mut Command) -> Outcome {
    let mut child = match command.stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => {
            println!("cannot run cargo: {error}");
            return Outcome::Ran(Tally::one(false));
        }
    };
    let mut tally = Tally::default();
    if let Some(stdout) = child.stdout.take() {
        // Tests may print anything, so lines are bytes first.
        for bytes in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&bytes);
            println!("{line}");
            tally.add(test_result(&line).unwrap_or_default());
        }
    }
    let ok = child.wait().is_ok_and(|status| status.success());
    Outcome::Ran(with_exit_code(tally, ok))
}

/// A run that failed although no test did (it did not compile, or it aborted) counts as one
/// failure, and so does a run without any test.
fn with_exit_code(tally: Tally, ok: bool) -> Tally {
    if tally == Tally::default() {
        println!("no test was run");
        return Tally::one(false);
    }
    if !ok && tally.failed == 0 { Tally { failed: 1, ..tally } } else { tally }
}

/// Reads `test result: ok. 3 passed; 0 failed; ..`.
fn test_result(line: &str) -> Option<Tally> {
    let rest = line.strip_prefix("test result: ")?;
    let (_, numbers) = rest.split_once(". ")?;
    let number = |what: &str| {
        numbers.split(';').find_map(|part| part.trim().strip_suffix(what)?.trim().parse().ok())
    };
    Some(Tally { passed: number("passed")?, failed: number("failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_line_is_read() {
        let line = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; \
                    finished in 0.02s";
        assert_eq!(test_result(line), Some(Tally { passed: 12, failed: 0 }));
        let line = "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(test_result(line), Some(Tally { passed: 1, failed: 2 }));
    }

    #[test]
    fn other_lines_are_not_results() {
        assert_eq!(test_result("test tests::works ... ok"), None);
        assert_eq!(test_result("test result: "), None);
        assert_eq!(test_result("  test result: ok. 1 passed; 0 failed"), None);
        assert_eq!(test_result("test result: ok. many passed; 0 failed"), None);
    }

    #[test]
    fn a_failed_run_without_results_is_one_failure() {
        let none = Tally::default();
        assert_eq!(with_exit_code(none, false), Tally { passed: 0, failed: 1 });
        assert_eq!(with_exit_code(none, true), Tally { passed: 0, failed: 1 });
        let aborted = Tally { passed: 3, failed: 0 };
        assert_eq!(with_exit_code(aborted, false), Tally { passed: 3, failed: 1 });
        let counted = Tally { passed: 3, failed: 2 };
        assert_eq!(with_exit_code(counted, false), counted);
    }

    #[test]
    fn a_skipped_step_fails_only_when_strict() {
        let outcome = Outcome::Skipped { needs: "rustfmt".to_owned() };
        assert_eq!(counted(&outcome, false), Tally::default());
        assert_eq!(counted(&outcome, true), Tally { passed: 0, failed: 1 });
        let took = Duration::from_millis(1234);
        assert_eq!(line("fmt", &outcome, took), "fmt         skipped: needs rustfmt");
    }

    #[test]
    fn the_summary_names_the_step_its_outcome_and_its_seconds() {
        let took = Duration::from_millis(1234);
        let ok = line("tests", &Outcome::Ran(Tally { passed: 4, failed: 0 }), took);
        assert_eq!(ok, "tests       ok         1.2 s  (4 passed, 0 failed)");
        let failed = line("doc", &Outcome::Ran(Tally::one(false)), took);
        assert_eq!(failed, "doc         FAILED     1.2 s  (0 passed, 1 failed)");
    }
}
