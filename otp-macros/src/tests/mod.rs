//! Tests of whole expansions: tokens in, formatted code out.

mod config;
mod derive;
mod entry;
mod fuzz;
mod half_typed;
mod receive;
mod registry;
mod structs;
mod supervisor;
mod supervisor_errors;
mod task_supervisor;

use std::path::Path;

use proc_macro2::TokenStream;

/// Formats an expansion; it must be whole items.
fn format(tokens: &TokenStream) -> String {
    let file = syn::parse2(tokens.clone())
        .unwrap_or_else(|error| panic!("the expansion cannot be parsed: {error}\n{tokens}"));
    prettyplease::unparse(&file)
}

/// Compares an expansion with `tests/snapshots/<name>.rs`; `UPDATE_SNAPSHOTS=1` writes the file.
pub(crate) fn snapshot(name: &str, tokens: &TokenStream) {
    let file = format!("{name}.rs");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(file);
    let actual = format(tokens);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &actual).expect("the snapshot can be written");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expected, actual, "{name} changed; UPDATE_SNAPSHOTS=1 accepts it");
}

/// How many errors an expansion has.
fn error_count(tokens: &TokenStream) -> usize {
    tokens.to_string().matches("compile_error !").count()
}

/// One fault, one error, and what else is generated can be read.
#[track_caller]
fn fault(output: &TokenStream, code: &str, message: &str) {
    let text = output.to_string();
    assert_eq!(error_count(output), 1, "{code}: {text}");
    assert!(text.contains(&format!("note: {code}")), "{code}: {text}");
    assert!(text.contains(message), "{code}: `{message}` is missing in {text}");
    format(output);
}
