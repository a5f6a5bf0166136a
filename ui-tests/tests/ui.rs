//! Runs the UI files; the form of a file is described in this crate's documentation.

use std::fs;
use std::path::{Path, PathBuf};

use ui_tests::case::{self, Case, Kind};
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
    let output = project::check(&folder, workspace(), &cases).expect("cargo can be run");
    let mut reported = diagnostic::parse(&output.messages);
    let mut failed = 0;
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
