//! Tokens as a tree that can be edited.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};

/// One token, or one group with what is in it.
#[derive(Clone)]
pub(super) enum Node {
    Token(TokenTree),
    /// A lifetime: two tokens that the compiler never hands out apart.
    Lifetime(TokenTree, TokenTree),
    Group(Delimiter, Vec<Node>),
}

/// The tree of these tokens.
pub(super) fn tree(tokens: TokenStream) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        nodes.push(match token {
            TokenTree::Group(group) => Node::Group(group.delimiter(), tree(group.stream())),
            TokenTree::Punct(quote) if quote.as_char() == '\'' => match tokens.next() {
                Some(name) => Node::Lifetime(quote.into(), name),
                None => continue,
            },
            token => Node::Token(token),
        });
    }
    nodes
}

/// The tokens of this tree, as a lexer could have made them.
pub(super) fn tokens(nodes: &[Node]) -> TokenStream {
    let mut output = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        match node {
            Node::Group(delimiter, content) => {
                output.push(Group::new(*delimiter, tokens(content)).into());
            }
            Node::Lifetime(quote, name) => output.extend([quote.clone(), name.clone()]),
            Node::Token(TokenTree::Punct(punct)) => {
                let joins = joins(punct.as_char(), nodes.get(at + 1));
                let joint = punct.spacing() == Spacing::Joint && joins;
                let mut plain = if joint { punct.clone() } else { alone(punct) };
                plain.set_span(punct.span());
                output.push(plain.into());
            }
            Node::Token(token) => output.push(token.clone()),
        }
    }
    output.into_iter().collect()
}

/// The tokens as text, in which invisible groups can be seen.
pub(super) fn show(nodes: &[Node]) -> String {
    let node = |node: &Node| match node {
        Node::Token(token) => token.to_string(),
        Node::Lifetime(_, name) => format!("'{name}"),
        Node::Group(Delimiter::Brace, content) => format!("{{ {} }}", show(content)),
        Node::Group(Delimiter::Bracket, content) => format!("[{}]", show(content)),
        Node::Group(Delimiter::Parenthesis, content) => format!("({})", show(content)),
        Node::Group(Delimiter::None, content) => format!("\u{ab}{}\u{bb}", show(content)),
    };
    nodes.iter().map(node).collect::<Vec<_>>().join(" ")
}

/// Whether a character and what follows can be one operator, and no comment.
fn joins(first: char, next: Option<&Node>) -> bool {
    match next {
        Some(Node::Token(TokenTree::Punct(next))) => {
            first != '/' || !matches!(next.as_char(), '/' | '*')
        }
        _ => false,
    }
}

fn alone(punct: &Punct) -> Punct {
    Punct::new(punct.as_char(), Spacing::Alone)
}

/// How many nodes there are, inside of groups too.
pub(super) fn count(nodes: &[Node]) -> usize {
    let inner = |node: &Node| match node {
        Node::Group(_, content) => count(content),
        _ => 0,
    };
    nodes.iter().map(|node| 1 + inner(node)).sum()
}

/// Hands the list with the node of this number, and the node's place in it, to `change`.
pub(super) fn at(
    nodes: &mut Vec<Node>,
    number: usize,
    change: &mut dyn FnMut(&mut Vec<Node>, usize),
) {
    find(nodes, &mut { number }, change);
}

fn find(
    nodes: &mut Vec<Node>,
    left: &mut usize,
    change: &mut dyn FnMut(&mut Vec<Node>, usize),
) -> bool {
    for at in 0..nodes.len() {
        if *left == 0 {
            change(nodes, at);
            return true;
        }
        *left -= 1;
        if let Node::Group(_, content) = &mut nodes[at] {
            if find(content, left, change) {
                return true;
            }
        }
    }
    false
}
