//! What must hold for every input of every macro.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::Parser;

use super::backends::{Backend, Call, Grammar};
use super::corpus::Seed;
use super::tree;
use crate::gen_server::roles::Role;

/// Attributes that a macro takes away from the item.
const OWN: &[&str] = &[
    "init",
    "handle_call",
    "handle_cast",
    "handle_info",
    "handle_continue",
    "hibernate",
    "terminate",
    "from",
    "cfg_attr",
];

/// An expansion may be this many times as long as its input, and this much longer.
const MOST_TOKENS: (usize, usize) = (60, 3_000);

thread_local! {
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps the places of panics in threads of this name, instead of printing them.
pub(super) fn record_panics(thread: &'static str) {
    let previous = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() == Some(thread) {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            PLACE.with_borrow_mut(|kept| *kept = place);
        } else {
            previous(info);
        }
    }));
}

/// Expands one input; the error says which property does not hold.
pub(super) fn check(backend: &Backend, seed: &Seed) -> Result<(), String> {
    let (args, item) = (tree::tokens(&seed.args), tree::tokens(&seed.item));
    let expand = || backend.expand(args.clone(), item.clone());
    let output = match catch_unwind(AssertUnwindSafe(expand)) {
        Ok(output) => output,
        Err(_) => return Err(format!("it panics at {}", PLACE.take())),
    };
    let properties = || properties(backend, &args, &item, &output);
    catch_unwind(AssertUnwindSafe(properties))
        .unwrap_or_else(|_| Err(format!("reading the expansion panics at {}", PLACE.take())))
}

fn properties(
    backend: &Backend,
    args: &TokenStream,
    item: &TokenStream,
    output: &TokenStream,
) -> Result<(), String> {
    let text = output.to_string();
    let again = text.parse::<TokenStream>();
    if again.is_err() && item.to_string().parse::<TokenStream>().is_ok() {
        return Err(format!("the expansion cannot be lexed again: {text}"));
    }
    let (before, after) = (length(args) + length(item), length(output));
    if after > MOST_TOKENS.0 * before + MOST_TOKENS.1 {
        return Err(format!("{before} tokens become {after}"));
    }
    if matches!(backend.call, Call::Attribute(_)) {
        if syn::parse2::<syn::Item>(item.clone()).is_err() {
            return Ok(());
        }
        let kept = if backend.reads_fields { head(item) } else { item.clone() };
        if !contains(output, item) && !contains(output, &kept) && !contains(output, &tidied(item)) {
            return Err(format!("the item is not part of: {text}"));
        }
    }
    let parsed = match backend.grammar {
        Grammar::Items => items(output),
        Grammar::Expression => expression(output),
        Grammar::ItemsOrExpression => items(output).or_else(|_| expression(output)),
    };
    parsed.map_err(|error| format!("the expansion cannot be parsed: {error}: {text}"))
}

fn items(output: &TokenStream) -> syn::Result<()> {
    syn::parse2::<syn::File>(output.clone()).map(drop)
}

fn expression(output: &TokenStream) -> syn::Result<()> {
    syn::parse2::<syn::Expr>(output.clone()).map(drop)
}

fn length(tokens: &TokenStream) -> usize {
    let inner = |token| match token {
        TokenTree::Group(group) => 1 + length(&group.stream()),
        _ => 1,
    };
    tokens.clone().into_iter().map(inner).sum()
}

/// `struct` and the name: what is left of a struct whose fields the macro has read.
fn head(item: &TokenStream) -> TokenStream {
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Struct(syn::ItemStruct { ident, .. })) => quote::quote!(struct #ident),
        _ => item.clone(),
    }
}

/// The item as syn prints it: without an empty `where`, for one.
fn tidied(item: &TokenStream) -> TokenStream {
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(item) => quote::quote!(#item),
        Err(_) => item.clone(),
    }
}

/// Whether the tokens of the item stand together in the output. A function may have got another
/// beginning: `async`, and what stands in front of it.
fn contains(output: &TokenStream, item: &TokenStream) -> bool {
    let (mut wanted, mut found) = (Vec::new(), Vec::new());
    flatten(item, &mut wanted);
    flatten(output, &mut found);
    let is_function = |token: &Flat| matches!(token, Flat::Token(it) if it.to_string() == "fn");
    let is_impl = |token: &Flat| matches!(token, Flat::Token(it) if it.to_string() == "impl");
    if found.starts_with(&wanted) {
        return true;
    }
    if !wanted.iter().any(is_impl) {
        let start = wanted.iter().position(is_function).unwrap_or(0);
        wanted.drain(..start);
    }
    found.windows(wanted.len().max(1)).any(|window| window == wanted)
}

/// A token or one end of a group.
#[derive(Clone)]
enum Flat {
    Token(TokenTree),
    Open(Delimiter),
    Close(Delimiter),
}

impl PartialEq for Flat {
    fn eq(&self, other: &Flat) -> bool {
        match (self, other) {
            (Flat::Open(a), Flat::Open(b)) | (Flat::Close(a), Flat::Close(b)) => a == b,
            (Flat::Token(TokenTree::Ident(a)), Flat::Token(TokenTree::Ident(b))) => a == b,
            (Flat::Token(TokenTree::Punct(a)), Flat::Token(TokenTree::Punct(b))) => {
                a.as_char() == b.as_char()
            }
            (Flat::Token(TokenTree::Literal(a)), Flat::Token(TokenTree::Literal(b))) => {
                a.to_string() == b.to_string()
            }
            _ => false,
        }
    }
}

/// The tokens without invisible groups and without the attributes that belong to a macro.
fn flatten(tokens: &TokenStream, output: &mut Vec<Flat>) {
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                flatten(&group.stream(), output);
            }
            TokenTree::Group(group) => {
                let after_hash = matches!(
                    output.last(),
                    Some(Flat::Token(TokenTree::Punct(hash))) if hash.as_char() == '#'
                );
                if after_hash && group.delimiter() == Delimiter::Bracket && is_own(&group.stream())
                {
                    output.pop();
                    continue;
                }
                output.push(Flat::Open(group.delimiter()));
                flatten(&group.stream(), output);
                output.push(Flat::Close(group.delimiter()));
            }
            token => output.push(Flat::Token(token)),
        }
    }
}

/// Whether an attribute belongs to a macro, also if it is misspelled.
fn is_own(attribute: &TokenStream) -> bool {
    let outer = quote::quote!(#[#attribute]);
    let parsed = syn::Attribute::parse_outer.parse2(outer).unwrap_or_default();
    if parsed.iter().any(|attr| Role::meant(attr).is_some()) {
        return true;
    }
    attribute.clone().into_iter().any(|token| match token {
        TokenTree::Ident(name) => OWN.iter().any(|own| name == own),
        TokenTree::Group(group) => group.delimiter() == Delimiter::None && is_own(&group.stream()),
        _ => false,
    })
}
