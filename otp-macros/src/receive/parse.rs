//! Reading `receive!`: from tokens to raw arms, never stopping at a fault.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::quote;
use syn::parse::Parser;
use syn::{Expr, Pat, Type};

use crate::diag::Diags;
use crate::literal::compact;
use crate::tokens::{
    describe, first_token, generics_end, is_nothing, is_path_separator, is_punct, is_word,
    leading_place, read_prefix, semicolons, stream,
};

const ARM_HELP: &str = "an arm is `Ping { from } => answer(from),`";

/// An arm as written.
pub(super) enum RawArm {
    /// `PATTERN => body` and its longer forms.
    Message(RawMessage),
    /// `after DURATION => body`.
    After(RawAfter),
    /// What is left of an arm that was reported: a statement that is checked and never run, so
    /// that names in it still resolve and complete.
    Probe(TokenStream),
}

/// An arm for messages.
pub(super) struct RawMessage {
    pub(super) pattern: TokenStream,
    pub(super) parsed: Box<Pat>,
    /// What follows the colon.
    pub(super) ty: Option<TokenStream>,
    /// What follows the word `if`.
    pub(super) guard: Option<TokenStream>,
    pub(super) body: TokenStream,
}

/// The arm for a time-out.
pub(super) struct RawAfter {
    pub(super) word: TokenTree,
    pub(super) duration: TokenStream,
    pub(super) body: TokenStream,
}

/// Reads all arms; what cannot be read is reported and left out.
pub(super) fn parse(input: &TokenStream, diags: &mut Diags) -> Vec<RawArm> {
    let message = "expected `,` after the body of an arm, found `;`";
    let error = ("OTP0506", message, "arms are separated by `,`: write it instead of `;`");
    let tokens = semicolons(input.clone(), error, diags).into_iter();
    let tokens: Vec<TokenTree> = tokens.filter(|token| !is_nothing(token)).collect();
    let mut rest = tokens.as_slice();
    let mut arms = Vec::new();
    while !rest.is_empty() {
        if is_punct(rest.first(), ',') {
            rest = &rest[1..]; // a comma too many does no harm
            continue;
        }
        let before = rest.len();
        let (arm, after) = arm(rest, diags);
        debug_assert!(after.len() < before);
        arms.extend(arm);
        rest = after;
    }
    arms
}

/// Reads one arm and its comma; gives what follows.
fn arm<'a>(tokens: &'a [TokenTree], diags: &mut Diags) -> (Option<RawArm>, &'a [TokenTree]) {
    let end = head_end(tokens);
    if is_arrow(tokens, end, '=') {
        let (head, rest) = (&tokens[..end], &tokens[end + 2..]);
        let (body, rest) = body(rest, &tokens[end..end + 2], diags);
        return (raw_arm(head, body, diags), rest);
    }
    // There is no `=>` before the next comma.
    let piece = &tokens[..end];
    let rest = &tokens[(end + 1).min(tokens.len())..];
    let head = pattern_length(piece);
    let mut found = first_token(&piece[head..]);
    if found.is_empty() {
        found = first_token(&tokens[end..]);
    }
    let message = format!("expected `=>` after the pattern, found {}", describe(found));
    let at = if found.is_empty() { stream(piece) } else { stream(found) };
    diags.error(at, "OTP0506", message).help(ARM_HELP);
    let is_arm = head > 0 && (is_arrow(piece, head, '-') || is_punct(piece.get(head), '='));
    let skip = head + if is_arrow(piece, head, '-') { 2 } else { 1 };
    let body = piece.get(skip..).and_then(|body| {
        let (_, length) = read_prefix(body, Expr::parse_with_earlier_boundary_rule)?;
        (length == body.len()).then(|| stream(body))
    });
    let (true, Some(body)) = (is_arm, body) else { return (headless(piece, head, diags), rest) };
    (raw_arm(&piece[..head], body, diags), rest)
}

/// What an arm without a `=>` leaves: an arm, when its pattern is whole, or names to complete.
fn headless(piece: &[TokenTree], head: usize, diags: &mut Diags) -> Option<RawArm> {
    if is_after(piece) {
        let place = leading_place(&piece[1..])?;
        return Some(RawArm::Probe(quote!(let _ = &#place;)));
    }
    let at = colon(piece).unwrap_or(piece.len());
    let pattern = Pat::parse_multi_with_leading_vert.parse2(stream(&piece[..at]));
    let typed = piece.get(at + 1..).is_some_and(|ty| syn::parse2::<Type>(stream(ty)).is_ok());
    let whole = matches!(pattern, Ok(Pat::Struct(_) | Pat::TupleStruct(_)));
    if whole || (typed && matches!(pattern, Ok(Pat::Ident(_)))) {
        return raw_arm(piece, quote!(::core::unreachable!()), diags);
    }
    let path = syn::parse2::<syn::Path>(stream(&piece[..head])).ok()?;
    let is_type = path.segments.last()?.ident.to_string().starts_with(char::is_uppercase);
    is_type.then(|| RawArm::Probe(quote!(let _ = |_: #path| ();)))
}

/// The position of the arm's `=>`, or of a comma before it, or the end.
fn head_end(tokens: &[TokenTree]) -> usize {
    let mut at = 0;
    while at < tokens.len() {
        if is_arrow(tokens, at, '=') || is_punct(tokens.get(at), ',') {
            return at;
        }
        let after_name = at > 0 && matches!(tokens[at - 1], TokenTree::Ident(_));
        let after_colons = at >= 2 && is_path_separator(tokens, at - 2);
        if is_punct(tokens.get(at), '<') && (after_name || after_colons) {
            at = generics_end(tokens, at).unwrap_or(at + 1);
        } else {
            at += 1;
        }
    }
    at
}

/// Whether `=>` stands at `at`, or `->` for the first character `-`; `..=>` is `..=` and `>`.
fn is_arrow(tokens: &[TokenTree], at: usize, first: char) -> bool {
    let is_joint = |token: Option<&TokenTree>| {
        matches!(token, Some(TokenTree::Punct(punct))
        if punct.spacing() == Spacing::Joint)
    };
    let alone = at == 0 || !is_joint(tokens.get(at - 1));
    let joint = is_punct(tokens.get(at), first) && is_joint(tokens.get(at));
    alone && joint && is_punct(tokens.get(at + 1), '>')
}

/// How many tokens at the beginning are a pattern.
fn pattern_length(tokens: &[TokenTree]) -> usize {
    read_prefix(tokens, Pat::parse_multi_with_leading_vert).map_or(0, |(_, length)| length)
}

/// Reads the body behind `arrow` and the comma behind it; gives what follows.
fn body<'a>(
    tokens: &'a [TokenTree],
    arrow: &[TokenTree],
    diags: &mut Diags,
) -> (TokenStream, &'a [TokenTree]) {
    let read = read_prefix(tokens, Expr::parse_with_earlier_boundary_rule);
    let Some((expr, length)) = read else {
        return unfinished_body(tokens, arrow, diags);
    };
    let (body, rest) = (stream(&tokens[..length]), &tokens[length..]);
    match rest {
        [] => (body, rest),
        [comma, rest @ ..] if is_punct(Some(comma), ',') => (body, rest),
        _ if is_block_like(&expr) => (body, rest),
        _ => {
            let found = first_token(rest);
            let message =
                format!("expected `,` after the body of an arm, found {}", describe(found));
            diags.error(stream(found), "OTP0506", message).help("arms are separated by `,`");
            (body, if is_punct(rest.first(), '.') { &rest[1..] } else { rest })
        }
    }
}

/// Goes on behind the next comma and keeps the variable that the user is typing behind.
fn unfinished_body<'a>(
    tokens: &'a [TokenTree],
    arrow: &[TokenTree],
    diags: &mut Diags,
) -> (TokenStream, &'a [TokenTree]) {
    let comma = tokens.iter().position(|token| is_punct(Some(token), ','));
    let end = comma.unwrap_or(tokens.len());
    let piece = &tokens[..end];
    let (at, message) = match piece {
        [] => (stream(arrow), "expected an expression after `=>`, found nothing"),
        piece => (stream(piece), "this body of an arm is unfinished"),
    };
    diags.error(at, "OTP0506", message).help(ARM_HELP);
    let body = mended_block(piece).unwrap_or_else(|| {
        let place = leading_place(piece).map(|place| quote!(let _ = &#place;));
        quote!({ #place ::core::unreachable!() })
    });
    (body, &tokens[(end + 1).min(tokens.len())..])
}

/// A block whose last statement only lacks its `;`.
fn mended_block(piece: &[TokenTree]) -> Option<TokenStream> {
    let [TokenTree::Group(block)] = piece else { return None };
    let content = block.stream();
    let block = quote!({ #content; ::core::unreachable!() });
    syn::parse2::<syn::Block>(block.clone()).ok().map(|_| block)
}

/// Whether a match arm with this body needs no comma.
fn is_block_like(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Block(_)
            | Expr::If(_)
            | Expr::Match(_)
            | Expr::Loop(_)
            | Expr::While(_)
            | Expr::ForLoop(_)
            | Expr::Unsafe(_)
            | Expr::Const(_)
    )
}

/// Sorts out what stands before the `=>`.
fn raw_arm(head: &[TokenTree], body: TokenStream, diags: &mut Diags) -> Option<RawArm> {
    if is_after(head) {
        let (word, duration) = (head[0].clone(), stream(&head[1..]));
        return Some(RawArm::After(RawAfter { word, duration, body }));
    }
    let guard_at = head.iter().position(|token| is_word(Some(token), "if"));
    let (front, guard) = match guard_at {
        Some(at) => (&head[..at], Some(stream(&head[at + 1..]))),
        None => (head, None),
    };
    let (pattern, ty) = match colon(front) {
        Some(at) => (&front[..at], Some(stream(&front[at + 1..]))),
        None => (front, None),
    };
    let parsed = Pat::parse_multi_with_leading_vert.parse2(stream(pattern));
    let Some(parsed) = parsed.ok().filter(|it| !matches!(it, Pat::Rest(_))) else {
        let found = if pattern.is_empty() { head } else { pattern };
        no_pattern(found, diags);
        return None;
    };
    Some(RawArm::Message(RawMessage {
        pattern: stream(pattern),
        parsed: Box::new(parsed),
        ty,
        guard,
        body,
    }))
}

/// Says why something is no pattern.
fn no_pattern(found: &[TokenTree], diags: &mut Diags) {
    let when = found.iter().position(|token| is_word(Some(token), "when"));
    let (at, message, help) = match found {
        [colon, TokenTree::Ident(word), ..] if is_punct(Some(colon), ':') => {
            let message = "there are no atoms in Rust".to_owned();
            (found, message, format!("make `{word}` a type and match on it: `Ping => ..`"))
        }
        [TokenTree::Group(tuple), ..] if tuple.delimiter() == Delimiter::Brace => {
            let message = "a message is a value of a type, not an Elixir tuple".to_owned();
            (found, message, "make it a struct and match on it: `Ping { from } => ..`".to_owned())
        }
        _ => match when.filter(|at| *at > 0) {
            Some(at) => {
                let (pattern, guard) = (stream(&found[..at]), stream(&found[at + 1..]));
                let help = format!("write `{} if {guard} => ..`", compact(&pattern));
                (&found[at..=at], "a guard begins with `if`".to_owned(), help)
            }
            None => {
                let message = format!("expected a pattern, found {}", describe(first_token(found)));
                (found, message, ARM_HELP.to_owned())
            }
        },
    };
    diags.error(stream(at), "OTP0506", message).help(help);
}

/// Whether the arm is the one for a time-out, and not a binding of that name.
fn is_after(head: &[TokenTree]) -> bool {
    let binding = is_punct(head.get(1), ':')
        || is_punct(head.get(1), '@')
        || is_punct(head.get(1), '|')
        || is_word(head.get(1), "if");
    is_word(head.first(), "after") && !binding
}

/// The position of the colon between a pattern and its type.
fn colon(tokens: &[TokenTree]) -> Option<usize> {
    let mut at = 0;
    while at < tokens.len() {
        if is_path_separator(tokens, at) {
            at += 2;
        } else if is_punct(tokens.get(at), ':') {
            return Some(at);
        } else {
            at += 1;
        }
    }
    None
}
