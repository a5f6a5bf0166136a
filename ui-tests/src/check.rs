//! Compares what a UI file expects with what the compiler reported.

use std::path::Path;

use crate::case::Case;
use crate::diagnostic::Diagnostic;

/// Everything that is not as the file says, in words; nothing when all is well.
pub fn problems(case: &Case, reported: &[Diagnostic]) -> Vec<String> {
    let mut problems = Vec::new();
    let errors = reported.iter().filter(|diagnostic| diagnostic.is_error).count();
    if errors != case.errors {
        problems.push(format!("{} errors are expected, found {errors}", case.errors));
    }
    let ours: Vec<_> = reported.iter().filter(|d| d.rendered.contains(&case.code)).collect();
    if ours.is_empty() {
        problems.push(format!("{} is not printed", case.code));
    }
    for diagnostic in ours.into_iter().filter(|_| case.code.starts_with("OTP")) {
        wording(diagnostic, &mut problems);
    }
    let wants_error = case.errors > 0;
    if let Some(first) = reported.iter().find(|diagnostic| diagnostic.is_error == wants_error) {
        place(case, first, &mut problems);
        problems.extend(hidden(&first.rendered, &case.source));
    }
    problems
}

/// What a reader cannot know: names that only expansions use, and a macro that gave up.
///
/// `text` is the text of one error in the program `source`. That a bound belongs to a function of
/// `otp::__private` is added
/// by the compiler, below what is ours.
pub fn hidden(text: &str, source: &str) -> Vec<String> {
    let is_ours = |line: &&str| !line.contains("required by a bound in");
    let lines = || text.lines().filter(is_ours);
    let mut problems = Vec::new();
    if let Some(line) =
        lines().find(|line| line.starts_with("error") && line.ends_with(" panicked"))
    {
        problems.push(format!("a macro gave up: {line}"));
    }
    let is_name = |it: char| it.is_alphanumeric() || it == '_';
    let words = lines().flat_map(|line| line.split(|it| !is_name(it)));
    // An underline is no word.
    let is_word = |word: &&str| {
        let begins = word.strip_prefix("__").unwrap_or_default();
        begins.starts_with(char::is_alphabetic) && !source.contains(word)
    };
    for word in words.filter(is_word) {
        problems.push(format!("`{word}` is a name that no user has written"));
    }
    problems
}

/// The text of the first error or warning of a recorded text.
pub fn first_block(recorded: &str) -> &str {
    let begins = |line: &str| line.starts_with("error") || line.starts_with("warning");
    let mut at = 0;
    for (number, line) in recorded.split_inclusive('\n').enumerate() {
        if number > 0 && begins(line) {
            return &recorded[..at];
        }
        at += line.len();
    }
    recorded
}

/// A message starts in lower case, or with a name, and ends without a full stop.
fn wording(diagnostic: &Diagnostic, problems: &mut Vec<String>) {
    let sentence = diagnostic.message.lines().next().unwrap_or_default();
    if sentence.starts_with(char::is_uppercase) || sentence.ends_with('.') {
        problems.push(format!(
            "a message starts in lower case and ends without a full stop: {sentence}"
        ));
    }
}

fn place(case: &Case, first: &Diagnostic, problems: &mut Vec<String>) {
    let in_case = |file: &Path| file.file_name() == case.path.file_name();
    let Some(span) = first.places.iter().find(|span| in_case(&span.file)) else {
        let files: Vec<_> = first.places.iter().map(|span| span.file.display()).collect();
        problems.push(format!("the first error does not point into this file but {files:?}"));
        return;
    };
    if span.line != case.line {
        let (expected, found) = (case.line, span.line);
        problems.push(format!("the first error is expected at line {expected}, found at {found}"));
    }
    let found = one_line(case.source.get(span.start..span.end).unwrap_or_default());
    if let Some(expected) = &case.text
        && *expected != found
    {
        problems.push(format!("the first error should underline `{expected}`, found `{found}`"));
    }
}

/// The text with every run of white space made one space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case;
    use crate::diagnostic::Span;
    use std::path::PathBuf;

    const SOURCE: &str = "struct A;\n#[gen_server]\nimpl A {} //~ SPAN: A\nfn main() {}\n";

    fn case(source: &str) -> Case {
        case::parse(Path::new("ui/gen_server/e0101_no_init.rs"), source).unwrap()
    }

    /// An error at the first place of `text` behind the attribute.
    fn error(text: &str, message: &str) -> Diagnostic {
        let behind = SOURCE.find("impl").unwrap();
        let start = behind + SOURCE[behind..].find(text).unwrap();
        Diagnostic {
            is_error: true,
            message: message.to_owned(),
            rendered: format!("error: {message}\n note: OTP0101"),
            places: vec![Span {
                file: PathBuf::from("elsewhere/ui/gen_server/e0101_no_init.rs"),
                line: SOURCE[..start].matches('\n').count() + 1,
                start,
                end: start + text.len(),
            }],
        }
    }

    #[test]
    fn an_error_as_expected_is_no_problem() {
        assert_eq!(problems(&case(SOURCE), &[error("A", "`A` has no init")]), [""; 0]);
    }

    #[test]
    fn names_of_expansions_are_hidden() {
        assert_eq!(hidden("error: `Rc<u8>` cannot be sent", ""), [""; 0]);
        assert_eq!(hidden("note: required by a bound in `otp::__private::init`", ""), [""; 0]);
        assert_eq!(hidden("| |_______^____this", "").len(), 0);
        assert_eq!(hidden("error: `__State` is not", "").len(), 1);
        assert_eq!(hidden("error: proc macro panicked", "").len(), 1);
        assert_eq!(hidden("error: custom attribute panicked\n= help: message", "").len(), 1);
        assert_eq!(hidden("error: evaluation panicked: an alias", "").len(), 0);
        assert_eq!(first_block("error: a\n b\n\nerror: c\n"), "error: a\n b\n\n");
        assert_eq!(first_block("error: a\n"), "error: a\n");
    }

    #[test]
    fn the_code_must_be_printed() {
        let other = Diagnostic { rendered: "error[E0308]".to_owned(), ..error("A", "mismatch") };
        assert_eq!(problems(&case(SOURCE), &[other]), ["OTP0101 is not printed"]);
    }

    #[test]
    fn the_number_of_errors_must_match() {
        let found = problems(&case(SOURCE), &[error("A", "one"), error("A", "two")]);
        assert_eq!(found, ["1 errors are expected, found 2"]);
        let found = problems(&case(SOURCE), &[]);
        assert_eq!(found, ["1 errors are expected, found 0", "OTP0101 is not printed"]);
    }

    #[test]
    fn the_place_must_match() {
        let found = problems(&case(SOURCE), &[error("main", "here")]);
        assert_eq!(
            found,
            [
                "the first error is expected at line 3, found at 4",
                "the first error should underline `A`, found `main`",
            ]
        );
        let mut elsewhere = error("A", "here");
        elsewhere.places[0].file = PathBuf::from("otp-core/src/lib.rs");
        let found = problems(&case(SOURCE), &[elsewhere.clone()]);
        assert!(found[0].contains("but [\"otp-core/src/lib.rs\"]"), "{found:?}");
        // An error inside of a macro counts for where the macro is called.
        elsewhere.places.extend(error("A", "here").places);
        assert_eq!(problems(&case(SOURCE), &[elsewhere]), [""; 0]);
    }

    #[test]
    fn a_mark_without_text_asks_for_the_line_only() {
        let source = SOURCE.replace("SPAN: A", "SPAN");
        assert_eq!(problems(&case(&source), &[error("impl A", "here")]), [""; 0]);
    }

    #[test]
    fn a_warning_is_looked_at_when_no_error_is_expected() {
        let source = format!("{SOURCE}//~ ERRORS: 0\n");
        let warning = Diagnostic { is_error: false, ..error("main", "hidden") };
        assert_eq!(problems(&case(&source), &[warning]).len(), 2);
    }

    #[test]
    fn the_wording_has_one_form() {
        assert_eq!(problems(&case(SOURCE), &[error("A", "There is none")]).len(), 1);
        assert_eq!(problems(&case(SOURCE), &[error("A", "there is none.\n\nhelp")]).len(), 1);
    }
}
