//! Runs the UI files; the form of a file is described in this crate's documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use ui_tests::case::{self, Case, Kind};
use ui_tests::diagnostic::Diagnostic;
use ui_tests::docs::{self, Section};
use ui_tests::{check, diagnostic, project};

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn workspace() -> &'static Path {
    package().parent().expect("the package is in the workspace")
}

fn ui_files() -> Vec<(PathBuf, Option<Kind>)> {
    let mut paths = case::files(&package().join("ui")).expect("the folder can be read");
    if let Ok(word) = std::env::var("UI") {
        paths.retain(|path| path.display().to_string().contains(&word));
    }
    let kind = |path: &PathBuf| case::kind(path.file_name()?.to_str()?);
    paths.into_iter().map(|path| (path.clone(), kind(&path))).collect()
}

fn fail_cases() -> Vec<Case> {
    let read = |path: PathBuf| {
        let source = fs::read_to_string(&path).expect("the file can be read");
        case::parse(&path, &source).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
    };
    let fails = ui_files().into_iter().filter(|(_, kind)| *kind == Some(Kind::Fail));
    fails.map(|(path, _)| read(path)).collect()
}

#[test]
fn every_file_has_a_name_that_a_test_picks_up() {
    let lost: Vec<_> = ui_files().into_iter().filter(|(_, kind)| kind.is_none()).collect();
    let forms = "`pass_<what>.rs`, `e<code>_<what>.rs` or `rustc_<what>.rs`";
    assert!(lost.is_empty(), "not one of {forms}: {lost:?}");
}

#[test]
fn errors_have_their_code_number_and_place() {
    let cases = fail_cases();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui-project");
    let (sections, snippets) = snippets(&folder.join("docs"));
    let all = [cases.as_slice(), snippets.as_slice()].concat();
    let output = project::check(&folder, workspace(), &all).expect("cargo can be run");
    let mut reported = diagnostic::parse(&output.messages);
    let mut failed = 0;
    for problem in snippet_problems(&sections, &mut reported) {
        failed += 1;
        println!("\ndocs/errors.md: {problem}");
    }
    for case in &cases {
        let reported = reported.remove(&case.name).unwrap_or_default();
        let problems = check::problems(case, &reported);
        if !problems.is_empty() {
            failed += 1;
            println!("\n{}:\n  - {}", case.path.display(), problems.join("\n  - "));
            reported.iter().for_each(|diagnostic| println!("{}", diagnostic.rendered));
        }
    }
    // That the programs do not compile is no news; that the library does not is.
    let log = output.log.lines().filter(|line| !line.contains("could not compile `ui-project`"));
    let log = log.collect::<Vec<_>>().join("\n");
    assert_eq!(failed, 0, "of {} files; cargo said:\n{log}", cases.len());
}

/// The name of the program with all the right snippets, a module each.
const RIGHT: &str = "docs-right";

/// Writes the programs of `docs/errors.md`: one a wrong snippet, and one for all the right ones.
fn snippets(folder: &Path) -> (Vec<Section>, Vec<Case>) {
    if std::env::var("UI").is_ok_and(|word| !"docs".contains(&word)) {
        return (Vec::new(), Vec::new());
    }
    let page = fs::read_to_string(workspace().join("docs/errors.md")).expect("the page is there");
    let sections = docs::sections(&page).unwrap_or_else(|why| panic!("docs/errors.md: {why}"));
    fs::create_dir_all(folder).expect("the folder can be made");
    let write = |case: &Case| fs::write(&case.path, &case.source).expect("it can be written");
    let mut root = String::new();
    for section in &sections {
        let case = docs::case(folder, section, true);
        root += &format!("#[path = {:?}]\nmod {};\n", case.path, section.code.to_lowercase());
        write(&case);
    }
    let mut cases: Vec<_> = sections.iter().map(|it| docs::case(folder, it, false)).collect();
    let (name, path) = (RIGHT.to_owned(), folder.join("right.rs"));
    cases.push(Case { name, path, source: root + "fn main() {}\n", ..cases[0].clone() });
    cases.iter().for_each(write);
    (sections, cases)
}

fn snippet_problems(
    sections: &[Section],
    reported: &mut BTreeMap<String, Vec<Diagnostic>>,
) -> Vec<String> {
    let mut problems = Vec::new();
    for section in sections {
        let name = docs::case(Path::new(""), section, false).name;
        let found = reported.remove(&name).unwrap_or_default();
        let found: String = found.iter().map(|diagnostic| &*diagnostic.rendered).collect();
        let codes: BTreeSet<&str> = found
            .match_indices("note: OTP")
            .filter_map(|(at, _)| found.get(at + 6..at + 13))
            .collect();
        if codes != BTreeSet::from([&*section.code]) {
            problems.push(format!("the wrong code of {} prints {codes:?}\n{found}", section.code));
        }
    }
    let right = reported.remove(RIGHT).unwrap_or_default();
    let ours = |it: &&Diagnostic| it.is_error || it.rendered.contains("note: OTP");
    problems.extend(right.iter().filter(ours).map(|it| format!("right code:\n{}", it.rendered)));
    problems
}

#[test]
fn recorded_texts_are_about_the_users_file_and_nothing_hidden() {
    let mut bad = Vec::new();
    for (path, _) in ui_files() {
        let Ok(text) = fs::read_to_string(path.with_extension("stderr")) else { continue };
        let block = check::first_block(&text);
        let source = fs::read_to_string(&path).expect("the file can be read");
        let mut problems = check::hidden(block, &source);
        let place = block.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // A place in generated code is shown as the macro that made it, in the user's file.
        if !place.is_some_and(|place| place.contains(name)) {
            problems.push(format!("the first place is {place:?}"));
        }
        bad.extend(problems.into_iter().map(|why| format!("{}: {why}", path.display())));
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn pass_files_run_and_errors_read_as_recorded() {
    let tests = trybuild::TestCases::new();
    for (path, _) in ui_files().into_iter().filter(|(_, kind)| *kind == Some(Kind::Pass)) {
        tests.pass(path);
    }
    let recorded = include_str!("../rustc-version");
    if project::is_recorded_compiler(recorded) {
        // A file whose code stands in a warning compiles. Errors that only follow from the first
        // one are the compiler's own and name private types: no text is recorded for them.
        let recorded = |case: &&Case| case.path.with_extension("stderr").exists();
        let alone = |case: &&Case| case.errors == 1;
        for case in fail_cases().iter().filter(|case| alone(case) || recorded(case)) {
            tests.compile_fail(&case.path);
        }
    } else {
        println!("the texts are those of {recorded}, another compiler may word them otherwise");
    }
}
