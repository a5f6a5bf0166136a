//! `cargo xtask conformance`: the traces of OTP, and which statement has a test.

mod coverage;

use std::path::Path;
use std::process::{Command, ExitCode};

/// The areas in which every statement must have a test.
const REQUIRED: [&str; 11] =
    ["PROC", "GS", "SYS", "SUP", "DYN", "PART", "APP", "TASK", "TSUP", "AGT", "REG"];

/// The areas that `--coverage` prints when none is named.
const DEFAULT: [&str; 11] = REQUIRED;

/// The command that replays the traces and prints how they compare.
pub(crate) fn traces(root: &Path) -> Command {
    let mut command = crate::cargo(root);
    command.args(["test", "--quiet", "--package", "otp", "--all-features"]);
    command.args(["--test", "conformance"]);
    command
}

/// Whether every statement of the required areas has a test; prints the open ones.
pub(crate) fn covered(root: &Path) -> bool {
    match coverage::Coverage::load(root) {
        Ok(coverage) => coverage.print(&REQUIRED, &REQUIRED, false),
        Err(error) => {
            println!("{error}");
            false
        }
    }
}

/// Runs the task with the arguments of the command line.
pub(crate) fn run(root: &Path, arguments: &[String]) -> ExitCode {
    match arguments.split_first() {
        None => replay(root),
        Some((flag, rest)) if flag == "--coverage" => print_coverage(root, rest),
        Some(_) => {
            eprintln!("{}", crate::USAGE);
            ExitCode::from(2)
        }
    }
}

fn replay(root: &Path) -> ExitCode {
    match traces(root).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot run cargo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print_coverage(root: &Path, arguments: &[String]) -> ExitCode {
    let (shown, required) = areas(arguments);
    let coverage = match coverage::Coverage::load(root) {
        Ok(coverage) => coverage,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    if let Some(unknown) = shown.iter().find(|area| !coverage.has_area(area)) {
        eprintln!("the catalogue has no area `{unknown}`");
        return ExitCode::from(2);
    }
    if coverage.print(&shown, &required, true) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The areas to print, and those of them that must be complete: `[AREA..] [--require AREA..]`.
fn areas(arguments: &[String]) -> (Vec<&str>, Vec<&str>) {
    let mut parts = arguments.splitn(2, |argument| argument == "--require");
    let mut part = || parts.next().unwrap_or_default().iter().map(String::as_str).collect();
    let (mut shown, required): (Vec<&str>, Vec<&str>) = (part(), part());
    if shown.is_empty() && required.is_empty() {
        shown.extend(DEFAULT);
    }
    shown.extend(&required);
    let mut seen = std::collections::BTreeSet::new();
    shown.retain(|area| seen.insert(*area));
    (shown, required)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_read_from_the_arguments() {
        let read = |line: &str| -> (String, String) {
            let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let (shown, required) = areas(&arguments);
            (shown.join(" "), required.join(" "))
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(read(""), pair("PROC GS SYS SUP DYN PART APP TASK TSUP AGT REG", ""));
        assert_eq!(read("GS SUP"), pair("GS SUP", ""));
        assert_eq!(read("--require GS SYS"), pair("GS SYS", "GS SYS"));
        assert_eq!(read("PROC GS --require GS"), pair("PROC GS", "GS"));
    }
}
