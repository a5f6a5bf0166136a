//! Which statement of the catalogue is held by which test.
//!
//! A test holds a statement when its documentation names the id (`/// GS-CALL-05`), or when it is a
//! `scenario!` with the id in its list, unless the block is still pending. A UI test holds what one
//! of its comments names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::tidy::File;
use crate::tidy::files;

const CATALOGUE: &str = "otp/tests/conformance/CATALOGUE.md";
const PENDING: &str = "otp/tests/conformance/pending.txt";
const UI: &str = "ui-tests/ui/";

/// Statements by area, in the order of the catalogue, with the tests that hold them.
pub(super) struct Coverage {
    statements: Vec<String>,
    tests: BTreeMap<String, Vec<String>>,
    /// Places that name a statement that does not exist.
    faults: Vec<String>,
}

impl Coverage {
    /// Reads the catalogue and every test below `root`.
    pub(super) fn load(root: &Path) -> Result<Coverage, String> {
        let files = files::load(root).map_err(|e| format!("cannot read the repository: {e}"))?;
        let text = |path: &str| {
            let file = files.iter().find(|file| file.path == path);
            file.map(|file| file.text.as_str()).ok_or_else(|| format!("{path} is missing"))
        };
        Coverage::collect(text(CATALOGUE)?, text(PENDING)?, &files)
    }

    fn collect(catalogue: &str, pending: &str, files: &[File]) -> Result<Coverage, String> {
        let all = statements(catalogue);
        let known: BTreeSet<&str> = all.iter().map(|(id, _)| id.as_str()).collect();
        let areas: BTreeSet<&str> = known.iter().map(|id| area(id)).collect();
        let pending: BTreeSet<&str> =
            pending.lines().filter_map(|line| line.split('#').next()).map(str::trim).collect();
        let mut tests: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut faults = Vec::new();
        for file in files.iter().filter(|file| file.is("rs")) {
            for (test, text) in named_texts(file, &pending)? {
                for id in ids(&text, &areas) {
                    if known.contains(id) {
                        tests.entry(id.to_owned()).or_default().push(test.clone());
                    } else {
                        faults.push(format!("{test}: the catalogue has no {id}"));
                    }
                }
            }
        }
        let asked = all.into_iter().filter(|(_, asked)| *asked);
        Ok(Coverage { statements: asked.map(|(id, _)| id).collect(), tests, faults })
    }

    pub(super) fn has_area(&self, name: &str) -> bool {
        self.statements.iter().any(|id| area(id) == name)
    }

    /// Prints each area of `shown`; whether those of `required` are complete and no id is wrong.
    ///
    /// Unless `all` is set, only what has no test is printed.
    pub(super) fn print(&self, shown: &[&str], required: &[&str], all: bool) -> bool {
        for fault in &self.faults {
            println!("{fault}");
        }
        let mut good = self.faults.is_empty();
        for name in shown {
            let ids: Vec<&String> = self.statements.iter().filter(|id| area(id) == *name).collect();
            let open = ids.iter().filter(|id| !self.tests.contains_key(id.as_str())).count();
            for id in &ids {
                match self.tests.get(id.as_str()) {
                    Some(tests) if all => println!("{id:<14} {}", tests.join(", ")),
                    Some(_) => {}
                    None => println!("{id:<14} has no test"),
                }
            }
            let (count, held) = (ids.len(), ids.len() - open);
            println!("{name}: {count} statements, {held} with a test, {open} without");
            good &= open == 0 || !required.contains(name);
        }
        good
    }
}

/// The ids of the catalogue, and whether each is asked for: `- **GS-INIT-01** [core] ..`.
fn statements(catalogue: &str) -> Vec<(String, bool)> {
    let read = |line: &str| {
        let (id, rest) = line.strip_prefix("- **")?.split_once("** ")?;
        Some((id.to_owned(), rest.starts_with("[core]") || rest.starts_with("[typed]")))
    };
    catalogue.lines().filter_map(read).collect()
}

/// `GS` for `GS-CALL-05`.
fn area(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

/// Everything in a text that looks like the id of a statement of one of the areas.
///
/// `GS-T05` is the id of a trace.
fn ids<'a>(text: &'a str, areas: &BTreeSet<&str>) -> Vec<&'a str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let is_id = |word: &&str| {
        let Some((first, rest)) = word.split_once('-') else { return false };
        let last = rest.rsplit('-').next().unwrap_or(rest);
        let numbered = last.len() == 2 && last.chars().all(|c| c.is_ascii_digit());
        areas.contains(first) && numbered
    };
    words.map(|word| word.trim_matches('-')).filter(is_id).collect()
}

/// The tests of a file, and the text in which each names what it holds.
fn named_texts(file: &File, pending: &BTreeSet<&str>) -> Result<Vec<(String, String)>, String> {
    if file.path.starts_with(UI) {
        let comments = file.lines().filter_map(|(_, line)| line.trim().strip_prefix("//"));
        let text: Vec<&str> = comments.collect();
        return Ok(vec![(file.path.clone(), text.join("\n"))]);
    }
    if file.is_in("ui") || file.is_in("snapshots") {
        return Ok(Vec::new());
    }
    let syntax =
        syn::parse_file(&file.text).map_err(|e| format!("{} does not parse: {e}", file.path))?;
    let mut visitor = Visitor { file, pending, found: Vec::new() };
    visitor.visit_file(&syntax);
    Ok(visitor.found)
}

struct Visitor<'a> {
    file: &'a File,
    pending: &'a BTreeSet<&'a str>,
    found: Vec<(String, String)>,
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let is_test = |attribute: &syn::Attribute| {
            attribute.path().segments.last().is_some_and(|last| last.ident == "test")
        };
        if item.attrs.iter().any(is_test) {
            let text: Vec<String> = item.attrs.iter().filter_map(doc_text).collect();
            self.found.push((format!("{}::{}", self.file.path, item.sig.ident), text.join("\n")));
        }
        visit::visit_item_fn(self, item);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if item.path.segments.last().is_some_and(|last| last.ident == "scenario") {
            let mut texts = Vec::new();
            strings(item.tokens.clone(), &mut texts);
            if let Some((id, holds)) = texts.split_first()
                && !self.pending.contains(id.as_str())
            {
                self.found.push((id.clone(), holds.join("\n")));
            }
        }
        visit::visit_macro(self, item);
    }
}

/// The text of one line of documentation.
fn doc_text(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(meta) = &attribute.meta else { return None };
    let syn::Expr::Lit(value) = &meta.value else { return None };
    match &value.lit {
        syn::Lit::Str(text) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// The texts between quotes in the tokens of a macro, in order.
fn strings(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => strings(group.stream(), found),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                found.extend(text.strip_prefix('"').map(|rest| rest.trim_matches('"').to_owned()));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: &str = "\
- **GS-CALL-01** [core] a call
  that goes on
- **GS-CALL-02** [typed] another
- **GS-OLD-01** [n/a] never
- **SYS-01** [core] a third
";

    fn coverage(pending: &str, path: &str, text: &str) -> Coverage {
        Coverage::collect(SOME, pending, &[File::new(path, text)]).unwrap()
    }

    fn held(coverage: &Coverage) -> Vec<(&str, &str)> {
        let all = coverage.tests.iter();
        all.flat_map(|(id, tests)| tests.iter().map(|test| (id.as_str(), &**test))).collect()
    }

    #[test]
    fn documented_tests_hold_what_they_name() {
        let text = "/// GS-CALL-01, SYS-01: both.\n#[otp::test]\nasync fn a() {}\n\
                    /// GS-CALL-02\nfn no_test() {}\nmod m { /// GS-CALL-01.\n#[test] fn b() {} }";
        let coverage = coverage("", "tests/a.rs", text);
        let expected = [
            ("GS-CALL-01", "tests/a.rs::a"),
            ("GS-CALL-01", "tests/a.rs::b"),
            ("SYS-01", "tests/a.rs::a"),
        ];
        assert_eq!(held(&coverage), expected);
        assert!(coverage.print(&["SYS"], &["SYS"], false));
        assert!(!coverage.print(&["GS"], &["GS"], false));
        assert!(coverage.print(&["GS"], &[], false));
    }

    #[test]
    fn scenarios_hold_their_list_unless_they_are_pending() {
        let text = "const A: &[S] = &[scenario!(\"GS-T01\", [\"GS-CALL-01\"], a), \
                    scenario!(\"GS-T02\", [\"GS-CALL-02\"], b).paused_only(\"why\")];";
        assert_eq!(held(&coverage("GS-T02 # later", "a.rs", text)), [("GS-CALL-01", "GS-T01")]);
        assert_eq!(held(&coverage("", "a.rs", text)).len(), 2);
    }

    #[test]
    fn ui_files_hold_what_their_comments_name() {
        let path = "ui-tests/ui/gen_server/e0101.rs";
        let held_ = coverage("", path, "#![nonsense\n// GS-CALL-02: does not compile\n");
        assert_eq!(held(&held_), [("GS-CALL-02", path)]);
    }

    #[test]
    fn an_id_that_does_not_exist_is_a_fault() {
        let wrong = coverage("", "a.rs", "/// GS-CALL-99, GS-T01, SYS-T04\n#[test] fn a() {}");
        assert_eq!(wrong.faults, ["a.rs::a: the catalogue has no GS-CALL-99"]);
        assert!(!wrong.print(&[], &[], false));
    }

    #[test]
    fn only_what_is_asked_for_counts() {
        let none = coverage("", "a.rs", "");
        assert_eq!(none.statements, ["GS-CALL-01", "GS-CALL-02", "SYS-01"]);
        assert!(none.has_area("SYS") && !none.has_area("SUP"));
    }
}
