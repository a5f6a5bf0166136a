//! Rules about lines and words.

use super::{File, Finding};

const LINES_MAX: usize = 800;
const COLUMNS_MAX: usize = 100;

/// Words that say that something is not finished, split so that this file may contain them.
const UNFINISHED: [&str; 4] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
];

const SLEEP: &str = concat!("thread::", "sleep");

/// Where tests look again and again at what another process does, as that sends them no events.
const POLLING: &str = "examples/harness/src/wait.rs";

/// Folders that exist on one machine only.
const MACHINE_FOLDERS: [&str; 5] = [
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("C:", "\\"),
];

pub(super) fn check(file: &File, found: &mut Vec<Finding>) {
    // What the compiler and the macros print is as long as it is.
    let printed = file.is("stderr") || file.is_in("snapshots");
    if file.is("rs") && !file.is_in("ui") && !printed {
        file_length(file, found);
    }
    for (number, line) in file.lines() {
        let mut report = |why: String| found.push(Finding::new(file, number, why));
        if !printed && (file.is("rs") || file.is("md")) {
            columns(file, line, &mut report);
        }
        if file.is("rs") {
            words(file, line, &mut report);
        }
        machine_paths(line, &mut report);
    }
}

fn file_length(file: &File, found: &mut Vec<Finding>) {
    let lines = file.text.lines().count();
    if lines > LINES_MAX {
        let why = format!("the file has {lines} lines, the limit is {LINES_MAX}: split it");
        found.push(Finding::new(file, LINES_MAX + 1, why));
    }
}

/// A row of a Markdown table and a line that is one long link cannot be broken.
fn columns(file: &File, line: &str, report: &mut impl FnMut(String)) {
    let columns = line.chars().count();
    let unbreakable = file.is("md") && (line.starts_with('|') || line.contains("](http"));
    if columns > COLUMNS_MAX && !unbreakable {
        report(format!("the line has {columns} columns, the limit is {COLUMNS_MAX}"));
    }
}

fn words(file: &File, line: &str, report: &mut impl FnMut(String)) {
    for word in UNFINISHED {
        if contains_word(line, word) {
            report(format!("`{word}` marks unfinished work: finish it or leave it out"));
        }
    }
    if file.path != POLLING && contains_word(line, SLEEP) {
        report(format!("`{SLEEP}` blocks a thread of the runtime: wait for an event instead"));
    }
}

fn machine_paths(line: &str, report: &mut impl FnMut(String)) {
    for folder in MACHINE_FOLDERS {
        // `a/home/b` is a relative path.
        let absolute = line.match_indices(folder).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            before.is_none_or(|c| !(c.is_alphanumeric() || "._-~*})>".contains(c)))
        });
        if absolute {
            report(format!("`{folder}` is a path of one machine"));
        }
    }
}

/// Whether `word` stands in `line` and is not the end or the start of a longer word.
fn contains_word(line: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let open = word.ends_with('(');
        !before.is_some_and(part_of_word) && (open || !after.is_some_and(part_of_word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(path: &str, text: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        check(&File::new(path, text), &mut found);
        found.into_iter().map(|finding| (finding.line, finding.why)).collect()
    }

    #[test]
    fn a_file_may_have_800_lines() {
        assert_eq!(reasons("src/a.rs", &"\n".repeat(800)), []);
        let found = reasons("src/a.rs", &"\n".repeat(801));
        assert_eq!(found.len(), 1);
        assert!(found[0].1.contains("801 lines"), "{found:?}");
        assert_eq!(reasons("ui-tests/ui/a.rs", &"\n".repeat(801)), []);
        assert_eq!(reasons("otp-macros/tests/snapshots/a.rs", &"\n".repeat(801)), []);
    }

    #[test]
    fn a_line_may_have_100_columns() {
        let (fits, long) = ("é".repeat(100), "é".repeat(101));
        assert_eq!(reasons("src/a.rs", &fits), []);
        assert_eq!(reasons("src/a.rs", &long).len(), 1);
        assert_eq!(reasons("docs/a.md", &long).len(), 1);
        assert_eq!(reasons("docs/a.md", &format!("| {long}")), []);
        assert_eq!(reasons("ui-tests/ui/a.stderr", &long), []);
        assert_eq!(reasons("tests/snapshots/a.rs", &long), []);
    }

    #[test]
    fn unfinished_work_is_found() {
        for word in UNFINISHED {
            let found = reasons("src/a.rs", &format!("\n    {word} later"));
            assert_eq!(found.len(), 1, "{word}");
            assert_eq!(found[0].0, 2);
        }
        assert_eq!(reasons("src/a.rs", concat!("my_to", "do!()")), []);
        assert_eq!(reasons("src/a.rs", concat!("OTP", "X", "XX")), []);
    }

    #[test]
    fn sleeping_threads_are_found() {
        assert_eq!(reasons("tests/a.rs", &format!("std::{SLEEP}(second);")).len(), 1);
        assert_eq!(reasons(POLLING, &format!("std::{SLEEP}(PAUSE);")), []);
        assert_eq!(reasons("docs/a.md", &format!("never use `{SLEEP}`")), []);
    }

    #[test]
    fn paths_of_one_machine_are_found_in_every_file() {
        for folder in MACHINE_FOLDERS {
            assert_eq!(reasons("a.toml", &format!("path = \"{folder}me\"")).len(), 1, "{folder}");
        }
        assert_eq!(reasons("a.md", concat!("docs/wo", "rk/plan.md")), []);
        assert_eq!(reasons("a.md", concat!("$X/wo", "rk/plan.md")).len(), 0);
    }
}
