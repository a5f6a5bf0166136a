//! Looking at tokens that may be unfinished.

use std::iter::successors;

use proc_macro2::{Delimiter, Ident, Punct, Spacing, TokenStream, TokenTree};
use syn::buffer::Cursor;
use syn::parse::{ParseStream, Parser};

use crate::diag::Diags;

/// Whether the token is this punctuation character.
pub(crate) fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

/// Whether two colons stand at `at`.
pub(crate) fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')
}

/// Whether the token is this word.
pub(crate) fn is_word(token: Option<&TokenTree>, wanted: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == wanted)
}

/// The identifier, unless it is a keyword.
pub(crate) fn name(token: Option<&TokenTree>) -> Option<Ident> {
    match token {
        Some(TokenTree::Ident(ident)) => syn::parse2(TokenTree::Ident(ident.clone()).into()).ok(),
        _ => None,
    }
}

/// All tokens, without the invisible groups that tokens out of another macro can be wrapped in.
pub(crate) fn flatten(tokens: TokenStream) -> Vec<TokenTree> {
    let mut flat = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                flat.extend(flatten(group.stream()));
            }
            token => flat.push(token),
        }
    }
    flat
}

/// Whether the token is an invisible group without content, which another macro leaves where it was
/// given nothing. It is no expression, so it must not stand where one ends.
pub(crate) fn is_nothing(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            group.stream().into_iter().all(|inner| is_nothing(&inner))
        }
        _ => false,
    }
}

/// Flattens only up to the first `if` or `:` of each piece between commas. Behind them stand
/// expressions, where an invisible group keeps what belongs together.
fn flatten_heads(tokens: TokenStream) -> Vec<TokenTree> {
    let mut flat = Vec::new();
    let mut in_head = true;
    for token in tokens {
        if is_punct(Some(&token), ',') {
            in_head = true;
        } else if is_punct(Some(&token), ':') || is_word(Some(&token), "if") {
            in_head = false;
        }
        if in_head {
            flat.extend(flatten(token.into()));
        } else {
            flat.push(token);
        }
    }
    flat
}

/// The tokens with `,` for every `;` outside of all brackets. The first is reported with this code,
/// message and help.
pub(crate) fn semicolons(
    tokens: TokenStream,
    error: (&'static str, &str, &str),
    diags: &mut Diags,
) -> TokenStream {
    let mut is_first = true;
    let replace = |token: TokenTree| {
        if !is_punct(Some(&token), ';') {
            return token;
        }
        if std::mem::take(&mut is_first) {
            diags.error(&token, error.0, error.1).help(error.2);
        }
        let mut comma = Punct::new(',', Spacing::Alone);
        comma.set_span(token.span());
        comma.into()
    };
    tokens.into_iter().map(replace).collect()
}

/// Tokens from a slice.
pub(crate) fn stream(tokens: &[TokenTree]) -> TokenStream {
    tokens.iter().cloned().collect()
}

/// Reads as much as `read` takes; the result, and how many tokens it was made of.
///
/// Tokens that end inside of an invisible group are no result: half of what another macro passed
/// on as one thing means nothing.
pub(crate) fn read_prefix<T>(
    tokens: &[TokenTree],
    read: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> Option<(T, usize)> {
    let read = |input: ParseStream<'_>| {
        let starts = successors(Some(input.cursor()), |at| Some(at.token_tree()?.1));
        let starts: Vec<Cursor<'_>> = starts.collect();
        let result = read(input)?;
        let length = starts.iter().position(|at| *at == input.cursor());
        input.parse::<TokenStream>()?;
        Ok(length.map(|length| (result, length)))
    };
    read.parse2(stream(tokens)).ok().flatten()
}

/// Cuts at the commas outside of all brackets and of generic arguments; empty pieces are left out.
///
/// `Name<` and `::<` open generic arguments when a `>` closes them. After the word `if` only `::<`
/// does, because there `<` compares. Generic arguments that are never closed are unfinished: then
/// every comma cuts.
pub(crate) fn split_commas(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens = flatten_heads(tokens);
    let (mut pieces, mut piece) = (Vec::new(), Vec::new());
    let mut compares = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let mut end = at + 1;
        if is_punct(Some(token), ',') {
            pieces.push(std::mem::take(&mut piece));
            compares = false;
            at = end;
            continue;
        }
        compares |= is_word(Some(token), "if");
        let after_name = matches!(piece.last(), Some(TokenTree::Ident(_))) && !compares;
        let after_colons = piece.len() >= 2 && is_path_separator(&piece, piece.len() - 2);
        if is_punct(Some(token), '<') && (after_name || after_colons) {
            end = generics_end(&tokens, at).unwrap_or(end);
        }
        piece.extend_from_slice(&tokens[at..end]);
        at = end;
    }
    pieces.push(piece);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// The position after the `>` that closes the `<` at `open`.
pub(crate) fn generics_end(tokens: &[TokenTree], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token {
            TokenTree::Punct(punct) => match punct.as_char() {
                '<' => depth += 1,
                '>' if is_punct(tokens.get(at - 1), '-') => {}
                '>' if is_punct(tokens.get(at - 1), '=') => return None,
                '>' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(at + 1);
                    }
                }
                ';' | '#' => return None,
                _ => {}
            },
            TokenTree::Ident(ident) if ident == "if" || ident == "supervisor" => return None,
            _ => {}
        }
    }
    None
}

/// How many tokens at the beginning are a path, which may end in `::`.
pub(crate) fn path_length(tokens: &[TokenTree]) -> usize {
    let mut at = 0;
    let mut after_separator = true;
    loop {
        if is_path_separator(tokens, at) {
            at += 2;
            after_separator = true;
        } else if after_separator && matches!(tokens.get(at), Some(TokenTree::Ident(_))) {
            at += 1;
            after_separator = false;
        } else if at > 0 && is_punct(tokens.get(at), '<') {
            let Some(end) = generics_end(tokens, at) else { return at };
            at = end;
            after_separator = false;
        } else {
            return at;
        }
    }
}

/// The first token as the user sees it: `=>` is one token.
pub(crate) fn first_token(tokens: &[TokenTree]) -> &[TokenTree] {
    let joined = tokens
        .iter()
        .take_while(
            |token| matches!(token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint),
        )
        .count();
    let ends_in_punct = matches!(tokens.get(joined), Some(TokenTree::Punct(_)));
    let length = if joined > 0 && !ends_in_punct { joined } else { joined + 1 };
    &tokens[..length.min(tokens.len())]
}

/// How to name a token in a message.
pub(crate) fn describe(tokens: &[TokenTree]) -> String {
    match tokens {
        [] => "nothing".to_owned(),
        [TokenTree::Group(group)] => match group.delimiter() {
            Delimiter::Parenthesis => "`(`".to_owned(),
            Delimiter::Brace => "`{`".to_owned(),
            Delimiter::Bracket | Delimiter::None => "`[`".to_owned(),
        },
        tokens => {
            let text: String = tokens.iter().map(ToString::to_string).collect();
            format!("`{text}`")
        }
    }
}

/// The `.await` of this expression itself, not of a future inside it.
pub(crate) fn find_await(tokens: TokenStream) -> Option<Ident> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let after_dot = at > 0 && is_punct(tokens.get(at - 1), '.');
        match token {
            TokenTree::Ident(ident) if ident == "await" && after_dot => return Some(ident.clone()),
            TokenTree::Ident(ident) if ident == "async" => {
                let body = tokens[at..].iter().position(|token| {
                    matches!(token, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace)
                });
                at += body.unwrap_or(0);
            }
            TokenTree::Group(group) => {
                let found = find_await(group.stream());
                if found.is_some() {
                    return found;
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The variable and its fields at the beginning of an unfinished expression: `config.data` of
/// `config.data.`.
pub(crate) fn leading_place(tokens: &[TokenTree]) -> Option<TokenStream> {
    let first = name(tokens.first())?;
    let mut at = 1;
    while is_punct(tokens.get(at), '.') && name(tokens.get(at + 1)).is_some() {
        at += 2;
    }
    if matches!(tokens.get(at), Some(TokenTree::Group(_))) {
        at -= 2.min(at - 1); // the last name is a method or a function
    }
    let unclear = is_path_separator(tokens, at) || is_punct(tokens.get(at), '!');
    let is_type = first.to_string().starts_with(|first: char| first.is_uppercase());
    let is_call = at == 1 && matches!(tokens.get(1), Some(TokenTree::Group(_)));
    (!unclear && !is_type && !is_call).then(|| stream(&tokens[..at]))
}
