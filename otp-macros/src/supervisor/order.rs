//! `after: Users`: what a child needs must be started before it.
//!
//! ```ignore
//! supervisor! {
//!     Bank {
//!         strategy: rest_for_one,
//!         children: [Users, Cache { id: "cache" }, Web { after: [Users, "cache"] }],
//!     }
//! }
//! ```
//!
//! A supervisor starts its children in the order in which they are written, so this is checked here
//! and nothing is left of it at run time.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::check::Given;
use super::model::Start;
use super::parse::RawChild;
use crate::diag::{Diags, did_you_mean};
use crate::literal::compact;
use crate::tokens::{flatten, split_commas, stream};

/// A child as far as its order is concerned.
pub(super) struct Node {
    /// What others may call it: its id, its path, and the last word of that.
    names: Vec<String>,
    /// What it is called in messages.
    shown: String,
    /// What it needs: the name, and where it is written.
    needs: Vec<(String, TokenStream)>,
}

/// Reads the names of a child and its `after`.
pub(super) fn node(
    raw: &RawChild,
    start: Option<&Start>,
    given: &Given,
    diags: &mut Diags,
) -> Node {
    let path = compact(&raw.path).replace("::<", "<");
    let mut names = Vec::new();
    if let Some((_, id)) = given.tokens("id") {
        names.extend(syn::parse2::<syn::LitStr>(id.clone()).ok().map(|id| id.value()));
    }
    if let Some(Start::Nested { name, .. }) = start {
        names.push(name.to_string());
    }
    let shown = names.first().cloned().unwrap_or_else(|| path.clone());
    let plain = path.split('<').next().unwrap_or_default().trim_end_matches(':');
    let last = plain.rsplit("::").next().unwrap_or_default().to_owned();
    names.extend([path.clone(), last]);
    names.dedup();
    let needs = given.word("after", diags).map(|(_, value)| needs(&value, diags));
    Node { names, shown, needs: needs.unwrap_or_default() }
}

fn needs(value: &TokenStream, diags: &mut Diags) -> Vec<(String, TokenStream)> {
    let tokens = flatten(value.clone());
    let pieces = match tokens.as_slice() {
        [TokenTree::Group(list)] if list.delimiter() == Delimiter::Bracket => {
            split_commas(list.stream())
        }
        _ => vec![tokens],
    };
    let mut needs = Vec::new();
    for piece in pieces {
        let at = stream(&piece);
        if let Ok(id) = syn::parse2::<syn::LitStr>(at.clone()) {
            needs.push((id.value(), at));
        } else if syn::parse2::<syn::Path>(at.clone()).is_ok() {
            needs.push((compact(&at).replace("::<", "<"), at));
        } else {
            let message = format!("expected a child of this supervisor, found `{}`", compact(&at));
            diags
                .error(at, "OTP0420", message)
                .help("write `after: Users`, `after: \"second\"` or `after: [Users, Cache]`");
        }
    }
    needs
}

/// Reports what is needed and not there, or not there yet.
pub(super) fn check(nodes: &[Node], diags: &mut Diags) {
    for (at, node) in nodes.iter().enumerate() {
        for (name, token) in &node.needs {
            check_one(nodes, (at, node), (name, token), diags);
        }
    }
}

fn check_one(
    nodes: &[Node],
    (at, node): (usize, &Node),
    (name, token): (&String, &TokenStream),
    diags: &mut Diags,
) {
    let needed = called(nodes, name);
    let shown = &node.shown;
    if needed.is_empty() {
        let all: Vec<&str> =
            nodes.iter().filter(|it| it.shown != *shown).map(|it| it.shown.as_str()).collect();
        let mut message = format!("there is no child `{name}` in this supervisor");
        if let Some(meant) = did_you_mean(name, &all) {
            message.push_str(&format!("; did you mean `{meant}`?"));
        }
        let list: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
        let help = match list.is_empty() {
            true => "remove the option: there is no other child".to_owned(),
            false => format!("the other children are: {}", list.join(", ")),
        };
        diags.error(token, "OTP0420", message).help(help);
    } else if needed == [at] {
        let message = format!("`{shown}` cannot be started after itself");
        diags.error(token, "OTP0422", message).help("name the child that it needs");
    } else if let Some(late) = needed.into_iter().find(|needed| *needed > at) {
        let late_name = &nodes[late].shown;
        if reaches(nodes, late, at, &mut vec![false; nodes.len()]) {
            let message = format!("`{shown}` and `{late_name}` wait for each other");
            diags
                .error(token, "OTP0423", message)
                .help("remove one `after` of the circle; tell the other child by a message");
        } else {
            let message = format!("`{shown}` is started before `{late_name}`, which it needs");
            diags
                .error(token, "OTP0421", message)
                .help(format!("move `{late_name}` above `{shown}` in `children`"));
        }
    }
}

/// The children that are called so; a path of several words may be cut at the front.
fn called(nodes: &[Node], name: &str) -> Vec<usize> {
    let has_name = |node: &Node| node.names.iter().any(|it| it == name);
    nodes.iter().enumerate().filter(|(_, node)| has_name(node)).map(|(at, _)| at).collect()
}

/// Whether `from` needs `to`, directly or through others.
fn reaches(nodes: &[Node], from: usize, to: usize, seen: &mut [bool]) -> bool {
    if from == to {
        return true;
    }
    if std::mem::replace(&mut seen[from], true) {
        return false;
    }
    let next: Vec<usize> =
        nodes[from].needs.iter().flat_map(|(name, _)| called(nodes, name)).collect();
    next.into_iter().any(|next| reaches(nodes, next, to, seen))
}
