//! The catalogue of compile errors is complete, and the README stays short.
//!
//! Every code that the library prints has a section in `docs/errors.md` and a UI file, and there is
//! no section and no UI file for a code that nothing prints.

use std::collections::BTreeMap;

use super::{File, Finding};

const ERRORS: &str = "docs/errors.md";
const README: &str = "README.md";
const SOURCES: [&str; 2] = ["otp-macros/src/", "otp-core/src/"];
const UI: &str = "ui-tests/ui/";

/// Where a code was first seen, by its four digits.
type Places<'a> = BTreeMap<String, (&'a File, usize)>;

pub(super) fn check(files: &[File], found: &mut Vec<Finding>) {
    codes(files, found);
    if let Some(readme) = files.iter().find(|file| file.path == README) {
        commands(readme, found);
    }
}

fn codes(files: &[File], found: &mut Vec<Finding>) {
    let printed = printed(files);
    let sections = sections(files);
    let ui = ui_files(files);
    for (code, (file, line)) in &printed {
        if !sections.contains_key(code) {
            let why = format!("OTP{code} has no section in {ERRORS}: add `## OTP{code}`");
            found.push(Finding::new(file, *line, why));
        }
        if !ui.contains_key(code) {
            let why = format!("OTP{code} has no UI file `{UI}<area>/e{code}_<what>.rs`");
            found.push(Finding::new(file, *line, why));
        }
    }
    for (code, (file, line)) in sections.iter().chain(&ui) {
        if !printed.contains_key(code) {
            found.push(Finding::new(file, *line, format!("nothing prints OTP{code}")));
        }
    }
}

fn printed(files: &[File]) -> Places<'_> {
    let mut places = Places::new();
    let is_source = |file: &File| SOURCES.iter().any(|folder| file.path.starts_with(folder));
    for file in files.iter().filter(|file| file.is("rs") && is_source(file)) {
        for (number, line) in file.lines() {
            for code in codes_in(line) {
                places.entry(code).or_insert((file, number));
            }
        }
    }
    places
}

fn sections(files: &[File]) -> Places<'_> {
    let mut places = Places::new();
    for file in files.iter().filter(|file| file.path == ERRORS) {
        for (number, line) in file.lines().filter(|(_, line)| line.starts_with('#')) {
            for code in codes_in(line) {
                places.entry(code).or_insert((file, number));
            }
        }
    }
    places
}

fn ui_files(files: &[File]) -> Places<'_> {
    files
        .iter()
        .filter(|file| file.is("rs") && file.path.starts_with(UI))
        .filter_map(|file| Some((code_of_name(file.name())?, (file, 1))))
        .collect()
}

/// The digits of every `OTPdddd` in a line.
fn codes_in(line: &str) -> Vec<String> {
    let digits = |rest: &str| -> Option<String> {
        let code = rest.get(..4)?;
        let longer = rest[4..].starts_with(|c: char| c.is_ascii_alphanumeric());
        (code.bytes().all(|b| b.is_ascii_digit()) && !longer).then(|| code.to_owned())
    };
    line.match_indices("OTP").filter_map(|(at, _)| digits(&line[at + 3..])).collect()
}

/// `e0101_no_init.rs` is about `0101`.
fn code_of_name(name: &str) -> Option<String> {
    let (code, _) = name.strip_prefix('e')?.split_once('_')?;
    (code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit())).then(|| code.to_owned())
}

/// The README gives exactly two commands, each in a block of its own.
fn commands(readme: &File, found: &mut Vec<Finding>) {
    let blocks: Vec<usize> = readme
        .lines()
        .filter(|(_, line)| line.trim_end() == "```sh")
        .map(|(number, _)| number)
        .collect();
    if blocks.len() != 2 {
        let why = format!("exactly two `sh` blocks are wanted, found {}", blocks.len());
        found.push(Finding::new(readme, blocks.last().copied().unwrap_or(1), why));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
        let mut found = Vec::new();
        check(&files, &mut found);
        found.iter().map(Finding::to_string).collect()
    }

    const SOURCE: (&str, &str) = ("otp-macros/src/a.rs", "\nerror(\"OTP0101\")");
    const SECTION: (&str, &str) = ("docs/errors.md", "# Errors\n\n## OTP0101: no init\n");
    const UI_FILE: (&str, &str) = ("ui-tests/ui/gen_server/e0101_no_init.rs", "");

    #[test]
    fn a_code_needs_a_section_and_a_ui_file() {
        assert_eq!(reasons(&[SOURCE, SECTION, UI_FILE]), [""; 0]);
        assert_eq!(
            reasons(&[SOURCE, UI_FILE]),
            ["otp-macros/src/a.rs:2: OTP0101 has no section in docs/errors.md: add `## OTP0101`"]
        );
        assert_eq!(
            reasons(&[SOURCE, SECTION]),
            ["otp-macros/src/a.rs:2: OTP0101 has no UI file `ui-tests/ui/<area>/e0101_<what>.rs`"]
        );
    }

    #[test]
    fn a_section_in_running_text_is_no_section() {
        let mention = ("docs/errors.md", "See OTP0101.\n");
        assert_eq!(reasons(&[SOURCE, mention, UI_FILE]).len(), 1);
    }

    #[test]
    fn a_section_or_a_ui_file_without_a_code_is_stale() {
        assert_eq!(
            reasons(&[SECTION, UI_FILE]),
            [
                "docs/errors.md:3: nothing prints OTP0101",
                "ui-tests/ui/gen_server/e0101_no_init.rs:1: nothing prints OTP0101",
            ]
        );
    }

    #[test]
    fn a_code_has_exactly_four_digits() {
        assert_eq!(codes_in("OTP0101, OTP02 and OTP12345 and (OTP0304)"), ["0101", "0304"]);
        assert_eq!(code_of_name("e0304_typo.rs").as_deref(), Some("0304"));
        assert_eq!(code_of_name("e304_typo.rs"), None);
        assert_eq!(code_of_name("pass_counter.rs"), None);
    }

    #[test]
    fn the_readme_has_two_commands() {
        let block = "```sh\ncargo run\n```\n";
        assert_eq!(reasons(&[("README.md", &block.repeat(2))]), [""; 0]);
        assert_eq!(
            reasons(&[("README.md", block)]),
            ["README.md:1: exactly two `sh` blocks are wanted, found 1"]
        );
        assert_eq!(reasons(&[("README.md", &block.repeat(3))]).len(), 1);
        assert_eq!(reasons(&[("README.md", "```rust\n```\n")]).len(), 1);
    }
}
