//! A UI file and what it expects.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const ERRORS: &str = "//~ ERRORS:";
const SPAN: &str = "//~ SPAN";
const CODE: &str = "//~ CODE:";

/// One `e<code>_<what>.rs` or `rustc_<what>.rs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Where the file is.
    pub path: PathBuf,
    /// The name of the program made from it, `<area>-e<code>_<what>`.
    pub name: String,
    /// The text of the file.
    pub source: String,
    /// The code it is about, such as `OTP0101`, or the one of the compiler, such as `E0599`.
    pub code: String,
    /// How many errors the compiler reports; with 0 the code stands in a warning.
    pub errors: usize,
    /// The line at which the first of them starts, from 1.
    pub line: usize,
    /// The source text that the first of them underlines, if the file says it.
    pub text: Option<String>,
}

/// The kinds of files below `ui`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Compiles and runs.
    Pass,
    /// Does not compile.
    Fail,
}

/// Tells the kind of a file by its name, and `None` for a name that no test would pick up.
pub fn kind(file_name: &str) -> Option<Kind> {
    let stem = file_name.strip_suffix(".rs")?;
    if stem.starts_with("pass_") {
        return Some(Kind::Pass);
    }
    let is_native = stem.strip_prefix("rustc_").is_some_and(|what| !what.is_empty());
    (is_native || code(stem).is_some()).then_some(Kind::Fail)
}

/// `e0101_no_init` is about `OTP0101`.
fn code(stem: &str) -> Option<String> {
    let (digits, what) = stem.strip_prefix('e')?.split_once('_')?;
    let is_code = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
    (is_code && !what.is_empty()).then(|| format!("OTP{digits}"))
}

/// Reads what the file at `path` with the text `source` expects.
///
/// # Errors
///
/// Says in words what is wrong with the name or the comments.
pub fn parse(path: &Path, source: &str) -> Result<Case, String> {
    let part = |part: Option<&std::ffi::OsStr>| {
        part.and_then(|name| name.to_str()).unwrap_or_default().to_owned()
    };
    let stem = part(path.file_stem());
    let area = part(path.parent().and_then(Path::file_name));
    let code = match code(&stem) {
        Some(code) => code,
        None if stem.starts_with("rustc_") => native(source)?,
        None => return Err("the name is not `e<four digits>_<what>.rs`".to_owned()),
    };
    let (line, text) = span(source)?;
    Ok(Case {
        path: path.to_owned(),
        name: format!("{area}-{stem}"),
        source: source.to_owned(),
        code,
        errors: errors(source)?,
        line,
        text,
    })
}

/// The compiler's own code of a mistake that it words well enough.
fn native(source: &str) -> Result<String, String> {
    let mut codes = source.lines().filter_map(|line| line.trim().strip_prefix(CODE));
    let code = codes.next().map(str::trim).filter(|code| !code.is_empty());
    code.map(str::to_owned).ok_or(format!("no line says `{CODE} E0599`"))
}

fn errors(source: &str) -> Result<usize, String> {
    let mut lines = source.lines().filter_map(|line| line.trim().strip_prefix(ERRORS));
    let Some(number) = lines.next() else { return Ok(1) };
    if lines.next().is_some() {
        return Err(format!("`{ERRORS}` is given twice"));
    }
    number.trim().parse().map_err(|_| format!("`{}` is not a number of errors", number.trim()))
}

fn span(source: &str) -> Result<(usize, Option<String>), String> {
    let mut marks = (1..).zip(source.lines()).filter_map(|(number, line)| {
        let (_, rest) = line.split_once(SPAN)?;
        Some((number, rest.trim()))
    });
    let (number, rest) = marks.next().ok_or(format!("no line is marked with `{SPAN}`"))?;
    if marks.next().is_some() {
        return Err(format!("more than one line is marked with `{SPAN}`"));
    }
    match rest.strip_prefix(':').map(str::trim) {
        None if rest.is_empty() => Ok((number, None)),
        Some(text) if !text.is_empty() => Ok((number, Some(text.to_owned()))),
        _ => Err(format!("`{SPAN}` is followed by nothing, or by `: ` and the underlined text")),
    }
}

/// All the `.rs` files below `folder`, in the order of their paths.
///
/// # Errors
///
/// Those of reading the folders.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Result<Case, String> {
        parse(Path::new("ui/gen_server/e0102_two_inits.rs"), source)
    }

    #[test]
    fn the_name_gives_the_code_and_the_program() {
        let case = read("#[init] //~ SPAN\n").unwrap();
        assert_eq!(case.code, "OTP0102");
        assert_eq!(case.name, "gen_server-e0102_two_inits");
        assert_eq!((case.errors, case.line, case.text), (1, 1, None));
    }

    #[test]
    fn names_that_no_test_picks_up_have_no_kind() {
        assert_eq!(kind("pass_counter.rs"), Some(Kind::Pass));
        assert_eq!(kind("e0101_no_init.rs"), Some(Kind::Fail));
        for name in ["e101_no_init.rs", "e0101.rs", "e0101_.rs", "no_init.rs", "e0101_a.stderr"] {
            assert_eq!(kind(name), None, "{name}");
        }
    }

    #[test]
    fn the_number_of_errors_is_one_unless_said() {
        assert_eq!(read("//~ ERRORS: 3\na //~ SPAN").unwrap().errors, 3);
        assert_eq!(read("//~ ERRORS: 0\na //~ SPAN").unwrap().errors, 0);
        assert!(read("//~ ERRORS: some\na //~ SPAN").is_err());
        assert!(read("//~ ERRORS: 1\n//~ ERRORS: 1\na //~ SPAN").is_err());
    }

    #[test]
    fn the_mark_gives_the_line_and_the_text() {
        let case = read("\nimpl Counter { //~ SPAN: Counter\n").unwrap();
        assert_eq!((case.line, case.text.as_deref()), (2, Some("Counter")));
    }

    #[test]
    fn the_compilers_own_errors_say_their_code() {
        let read = |source| parse(Path::new("ui/newcomer/rustc_typo.rs"), source);
        assert_eq!(read("//~ CODE: E0599\na //~ SPAN").unwrap().code, "E0599");
        assert!(read("a //~ SPAN").unwrap_err().contains("CODE"));
        assert_eq!(kind("rustc_typo.rs"), Some(Kind::Fail));
        assert_eq!(kind("rustc_.rs"), None);
    }

    #[test]
    fn exactly_one_line_is_marked() {
        assert!(read("fn main() {}\n").unwrap_err().contains("no line"));
        assert!(read("a //~ SPAN\nb //~ SPAN\n").unwrap_err().contains("more than one"));
        assert!(read("a //~ SPAN:\n").is_err());
        assert!(read("a //~ SPAN here\n").is_err());
    }
}
