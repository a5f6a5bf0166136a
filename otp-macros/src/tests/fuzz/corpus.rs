//! What the mutations begin with: sound and faulty inputs out of the tests and the examples.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::backends::{BACKENDS, Backend, Call};
use super::tree::{self, Node};

/// Folders with uses of the macros, from the root of the workspace: the one place to add more.
const FOLDERS: &[&str] = &["otp-macros/src", "ui-tests/ui", "examples", "otp/tests"];

/// An input of one macro.
#[derive(Clone)]
pub(super) struct Seed {
    pub(super) args: Vec<Node>,
    pub(super) item: Vec<Node>,
}

/// The inputs of every macro, in the order of [`BACKENDS`].
pub(super) fn corpus() -> Vec<Vec<Seed>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let mut seeds: Vec<Vec<Seed>> = BACKENDS.iter().map(|it| vec![example(it)]).collect();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let Ok(tokens) = text.parse::<TokenStream>() else { continue };
        uses(tokens.clone(), &mut seeds);
        let path = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy();
        let is_test = path.starts_with("otp-macros/src") && path.contains("tests");
        for (backend, seeds) in BACKENDS.iter().zip(&mut seeds) {
            if is_test && path.contains(backend.tests) && !path.contains("fuzz") {
                texts(tokens.clone(), backend, seeds);
            }
        }
    }
    seeds
}

/// All Rust files in the folder; none when it is missing, as in a packaged crate.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn example(backend: &Backend) -> Seed {
    let read = |text: &str| tree::tree(text.parse().expect("tokens"));
    Seed { args: read(backend.args), item: read(backend.item) }
}

/// The uses of the macros by their names: `#[name(args)] item`, `#[derive(Name)]`, `name! {..}`.
fn uses(tokens: TokenStream, seeds: &mut [Vec<Seed>]) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        uses(group.stream(), seeds);
        let before = |back: usize| at.checked_sub(back).map(|at| short(&tokens[at]));
        let (before, name) = (before(1).unwrap_or_default(), before(2).unwrap_or_default());
        if before == "!" {
            let content = || Seed { args: Vec::new(), item: tree::tree(group.stream()) };
            let found = BACKENDS.iter().position(|it| it.name == name);
            let found = found.filter(|at| matches!(BACKENDS[*at].call, Call::Bang(_)));
            seeds.iter_mut().enumerate().for_each(|(number, seeds)| {
                if Some(number) == found {
                    seeds.push(content());
                }
            });
        } else if before == "#" && group.delimiter() == Delimiter::Bracket {
            attribute(group.stream(), &tokens[at + 1..], seeds);
        }
    }
}

fn attribute(attribute: TokenStream, rest: &[TokenTree], seeds: &mut [Vec<Seed>]) {
    let mut args = TokenStream::new();
    let mut names = Vec::new();
    for token in attribute {
        match token {
            TokenTree::Ident(name) => names.push(name.to_string()),
            TokenTree::Group(group) => args = group.stream(),
            _ => {}
        }
    }
    let derives = names.first().is_some_and(|name| name == "derive");
    for (backend, seeds) in BACKENDS.iter().zip(seeds) {
        let fits = match backend.call {
            Call::Attribute(_) => names.last().is_some_and(|name| name == backend.name),
            Call::Derive(_) => derives && args.to_string().contains(backend.name),
            Call::Bang(_) => false,
        };
        if fits {
            seeds.push(Seed { args: tree::tree(args.clone()), item: tree::tree(item(rest)) });
        }
    }
}

/// The text of one token; groups have none.
fn short(token: &TokenTree) -> String {
    match token {
        TokenTree::Group(_) => String::new(),
        token => token.to_string(),
    }
}

/// The item at the beginning: up to its braces or its semicolon.
fn item(tokens: &[TokenTree]) -> TokenStream {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => short(token) == ";",
    };
    let end = tokens.iter().position(is_end).map_or(tokens.len(), |at| at + 1);
    tokens[..end].iter().cloned().collect()
}

/// The string literals and the `quote!`s of a test file; what they are for is not known, so each
/// one becomes arguments, an item, and a part of a sound item.
fn texts(tokens: TokenStream, backend: &Backend, seeds: &mut Vec<Seed>) {
    let mut after = [String::new(), String::new()];
    for token in tokens {
        let text = short(&token);
        let found = match &token {
            TokenTree::Literal(_) => syn::parse_str::<syn::LitStr>(&text)
                .ok()
                .filter(|text| text.value().len() > 2)
                .and_then(|text| text.value().parse().ok()),
            TokenTree::Group(group) if after == ["quote", "!"] => Some(group.stream()),
            _ => None,
        };
        if let Some(found) = found {
            use_text(found, backend, seeds);
        }
        if let TokenTree::Group(group) = token {
            texts(group.stream(), backend, seeds);
        }
        after = [std::mem::take(&mut after[1]), text];
    }
}

fn use_text(text: TokenStream, backend: &Backend, seeds: &mut Vec<Seed>) {
    let text = tree::tree(text);
    let sound = example(backend);
    seeds.push(Seed { args: sound.args.clone(), item: text.clone() });
    let mut extended = sound.clone();
    if let Some(Node::Group(_, content)) = extended.item.last_mut() {
        content.extend(text.iter().cloned());
        seeds.push(extended);
    }
    if matches!(backend.call, Call::Attribute(_)) {
        seeds.push(Seed { args: text, item: sound.item });
    }
}

#[test]
fn every_macro_has_inputs() {
    for (backend, seeds) in BACKENDS.iter().zip(corpus()) {
        let least = if backend.tests == "no test file" { 2 } else { 20 };
        assert!(seeds.len() >= least, "{} has {} inputs", backend.name, seeds.len());
    }
}
