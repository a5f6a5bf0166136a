//! The snippets of `docs/errors.md` as programs.
//!
//! A section shows a wrong and a right piece of code, as short as a reader wants it. What is
//! missing for a program is added here: a server around handlers, a type for an `impl`, servers for
//! trees.

use std::path::{Path, PathBuf};

use crate::case::Case;

/// What the snippets may use without saying where it comes from.
const CONTEXT: &str = include_str!("docs/context.rs");

/// A section of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// `OTP0101`.
    pub code: String,
    /// The code with the mistake.
    pub wrong: String,
    /// The code without it.
    pub right: String,
}

/// The sections of the page.
///
/// # Errors
///
/// Names a section that has not two snippets with a message between them.
pub fn sections(page: &str) -> Result<Vec<Section>, String> {
    page.split("\n### ").skip(1).map(section).collect()
}

fn section(text: &str) -> Result<Section, String> {
    let code = text.split(':').next().unwrap_or_default().to_owned();
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, block)) = rest.split_once("\n```") {
        let (kind, block) = block.split_once('\n').unwrap_or_default();
        let (content, after) = block.split_once("\n```").unwrap_or((block, ""));
        blocks.push((kind, content));
        rest = after;
    }
    match blocks.as_slice() {
        [("rust", wrong), ("text", _), ("rust", right)] => {
            Ok(Section { code, wrong: (*wrong).to_owned(), right: (*right).to_owned() })
        }
        _ => Err(format!("{code} has no wrong code, message and right code, in this order")),
    }
}

/// A snippet as the source of a program.
pub fn program(code: &str, snippet: &str) -> String {
    let snippet = whole_impls(snippet);
    let members = is_members(&snippet);
    let body = match members {
        // A server that traps exits, so that only the snippet is warned about.
        true => {
            let options = if code == "OTP0229" { "" } else { "(trap_exit)" };
            format!(
                "#[gen_server{options}]\nimpl Counter {{\n#[init]\nfn init() -> Self {{ Counter \
                 {{ value: 0 }} }}\n{snippet}\n}}"
            )
        }
        false if is_statements(&snippet) => format!("async fn body() {{\n{snippet}\n}}"),
        false => snippet.clone(),
    };
    let types = types(&body);
    let main = if body.contains("fn main(") { "" } else { "fn main() {}\n" };
    format!(
        "#![allow(unused)]\nuse otp::prelude::*;\nuse context::*;\nmod context {{\n{CONTEXT}}}\n\
         {types}{body}\n{main}"
    )
}

/// `impl Counter { .. }` with an `#[init]`.
fn whole_impls(snippet: &str) -> String {
    let whole = |line: &str| match line.strip_suffix(" { .. }") {
        Some(head) if head.starts_with("impl ") => {
            let name = &head["impl ".len()..];
            format!("{head} {{ #[init] fn init() -> Self {{ {name}(0) }} }}")
        }
        _ => line.to_owned(),
    };
    snippet.lines().map(whole).collect::<Vec<_>>().join("\n")
}

/// Whether the lines are functions of a server.
fn is_members(snippet: &str) -> bool {
    const ITEMS: [&str; 7] =
        ["impl", "struct ", "pub struct ", "trait ", "use ", "mod ", "macro_rules!"];
    let is_item = |line: &str| ITEMS.iter().any(|item| line.starts_with(item));
    let has_role = ["self", "#[handle_", "#[terminate", "#[hibernate"];
    has_role.iter().any(|word| snippet.contains(word)) && !snippet.lines().any(is_item)
}

/// Whether the snippet is no list of items.
fn is_statements(snippet: &str) -> bool {
    const ITEMS: [&str; 14] = [
        "#[",
        "pub ",
        "struct ",
        "impl",
        "supervisor!",
        "use ",
        "async fn ",
        "fn ",
        "mod ",
        "enum ",
        "type ",
        "trait ",
        "macro_rules!",
        "//",
    ];
    let line = snippet.lines().map(str::trim_start).find(|line| !line.is_empty());
    !line.is_some_and(|line| ITEMS.iter().any(|item| line.starts_with(item)))
}

/// The types that the snippet implements something for and does not show.
fn types(body: &str) -> String {
    let mut types = String::new();
    for line in body.lines().filter(|line| line.starts_with("impl")) {
        let head = line.trim_start_matches("impl").trim_start();
        let head =
            if head.starts_with('<') { head.split_once("> ").map_or("", |it| it.1) } else { head };
        let name: String = head.chars().take_while(|it| it.is_alphanumeric()).collect();
        let shown = ["struct", "enum", "trait"];
        let is_shown = shown.iter().any(|word| {
            let item = format!("{word} {name}");
            body.lines().chain(types.lines()).any(|line| {
                line.split_once(&item)
                    .is_some_and(|(_, rest)| !rest.starts_with(|it: char| it.is_alphanumeric()))
            })
        });
        if name.is_empty() || is_shown {
            continue;
        }
        types += &match body.split_once(&format!("{name} {{ value")) {
            Some(_) => format!("struct {name} {{ value: i64 }}\n"),
            None if body.contains(&format!("{name}(")) || body.contains("self.0") => {
                format!("struct {name}(i64);\n")
            }
            None => format!("struct {name};\n"),
        };
    }
    types
}

/// A program of the page, as a case to compile.
pub fn case(folder: &Path, section: &Section, is_right: bool) -> Case {
    let snippet = if is_right { &section.right } else { &section.wrong };
    let kind = if is_right { "right" } else { "wrong" };
    let name = format!("docs-{}-{kind}", section.code.to_lowercase());
    Case {
        path: folder.join(PathBuf::from(format!("{name}.rs"))),
        name,
        source: program(&section.code, snippet),
        code: section.code.clone(),
        errors: 0,
        line: 1,
        text: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_wrong_code_a_message_and_right_code() {
        let page =
            "# Errors\n\n### OTP0101: x\n\n```rust\na\n```\n\n```text\nm\n```\n\n```rust\nb\n```\n";
        let [section] = sections(page).unwrap().try_into().unwrap();
        assert_eq!((&*section.code, &*section.wrong, &*section.right), ("OTP0101", "a", "b"));
        assert!(sections("\n### OTP0101: x\n\n```rust\na\n```\n").is_err());
    }

    #[test]
    fn what_a_snippet_leaves_out_is_added() {
        let members = program("OTP0201", "#[handle_call]\nfn get(&self) {}");
        assert!(members.contains("impl Counter {\n#[init]"), "{members}");
        assert!(members.contains("struct Counter { value: i64 }"), "{members}");
        let whole = program("OTP0301", "#[gen_server]\nimpl Counter { .. }");
        assert!(whole.contains("fn init() -> Self { Counter(0) }"), "{whole}");
        assert!(program("OTP0501", "receive! {}").contains("async fn body() {"));
        assert!(!program("OTP0601", "fn main() {}").contains("fn main() {}\nfn main"));
    }
}
