//! `cargo xtask tidy`: the rules of the house that no compiler knows.
//!
//! Every finding names a file, a line and the reason. There is no list of exceptions: what a rule
//! does not cover is said in the rule.

mod catalogue;
pub(crate) mod files;
mod syntax;
mod text;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

pub(crate) use files::File;

/// One place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    why: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.why)
    }
}

impl Finding {
    fn new(file: &File, line: usize, why: impl Into<String>) -> Finding {
        Finding { path: file.path.clone(), line, why: why.into() }
    }
}

/// Checks the repository and prints what it finds.
pub(crate) fn run(root: &Path) -> ExitCode {
    if check(root) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether the repository is tidy; findings are printed.
pub(crate) fn check(root: &Path) -> bool {
    let files = match files::load(root) {
        Ok(files) => files,
        Err(error) => {
            println!("cannot read the repository: {error}");
            return false;
        }
    };
    let findings = findings(&files);
    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} files, {} findings", files.len(), findings.len());
    findings.is_empty()
}

fn findings(files: &[File]) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in files {
        text::check(file, &mut found);
        syntax::check(file, &mut found);
    }
    catalogue::check(files, &mut found);
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_prints_as_file_line_and_reason() {
        let file = File::new("a/src/lib.rs", "");
        let finding = Finding::new(&file, 7, "too long");
        assert_eq!(finding.to_string(), "a/src/lib.rs:7: too long");
    }

    #[test]
    fn findings_come_in_the_order_of_files_and_lines() {
        let long = "x".repeat(101);
        let text = format!("//! {long}\n//! {long}\n");
        let files = [File::new("b.rs", &text), File::new("a.rs", &text)];
        let places: Vec<_> = findings(&files).into_iter().map(|f| (f.path, f.line)).collect();
        let expected = [("a.rs", 1), ("a.rs", 2), ("b.rs", 1), ("b.rs", 2)];
        assert_eq!(places, expected.map(|(path, line)| (path.to_owned(), line)));
    }
}
