//! The expansion as text: snapshots, and one input for each code.

mod codes;
mod snapshots;

use proc_macro2::TokenStream;

use super::gen_server;

/// What `#[gen_server(args)]` makes of the item.
fn expand(args: &str, item: &str) -> TokenStream {
    gen_server(args.parse().expect("arguments"), item.parse().expect("item"))
}

/// An `impl Counter` with a sound `#[init]` and these members.
fn counter(members: &str) -> String {
    format!("impl Counter {{ #[init] fn init() -> Self {{ Counter }} {members} }}")
}

/// The number of errors in an expansion.
fn errors(output: &TokenStream) -> usize {
    output.to_string().matches("compile_error").count()
}
