//! Reading `supervisor!`: from tokens to a raw tree, never stopping at a fault.
//!
//! rust-analyzer repairs unfinished input only for attributes, so this reader has to live with it:
//! lists are cut at their commas first, and every piece is read on its own.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::Attribute;
use syn::parse::Parser;

use crate::diag::Diags;
use crate::literal::compact;
use crate::tokens::{
    describe, first_token, flatten, generics_end, is_path_separator, is_punct, is_word, name,
    path_length, semicolons, split_commas, stream,
};

/// A macro call as written.
pub(super) enum Raw {
    /// `pub Bank(config: Config) { .. }`.
    Item(RawItem),
    /// `strategy: ..`.
    Value(TokenStream),
}

/// The item form as written.
pub(super) struct RawItem {
    pub(super) attrs: Vec<TokenStream>,
    pub(super) vis: TokenStream,
    pub(super) name: Ident,
    pub(super) params: Option<Group>,
    /// The braces; without them the user has not written them yet, and that was reported.
    pub(super) options: Option<Group>,
}

/// An entry of `children` as written.
pub(super) enum RawEntry {
    /// It begins like a child.
    Child(RawChild),
    /// It was reported; this is the path it begins with.
    Broken(TokenStream),
}

/// A child as written.
pub(super) struct RawChild {
    pub(super) attrs: Vec<TokenStream>,
    /// The word `supervisor` before the path.
    pub(super) supervisor: Option<Ident>,
    pub(super) path: TokenStream,
    pub(super) args: Option<Group>,
    pub(super) braces: Option<Group>,
    /// What follows the word `if`.
    pub(super) condition: Option<(Ident, TokenStream)>,
}

/// A position in tokens.
struct Cursor<'a> {
    tokens: &'a [TokenTree],
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<&'a TokenTree> {
        self.tokens.first()
    }

    fn take(&mut self, count: usize) -> &'a [TokenTree] {
        let (taken, rest) = self.tokens.split_at(count.min(self.tokens.len()));
        self.tokens = rest;
        taken
    }

    fn group(&mut self, delimiter: Delimiter) -> Option<Group> {
        match self.peek() {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => {
                self.take(1);
                Some(group.clone())
            }
            _ => None,
        }
    }

    /// The attributes; what is none is reported and left out.
    fn attributes(&mut self, diags: &mut Diags) -> Vec<TokenStream> {
        let mut attrs = Vec::new();
        while let [hash, TokenTree::Group(group), ..] = self.tokens {
            if !is_punct(Some(hash), '#') || group.delimiter() != Delimiter::Bracket {
                break;
            }
            let attr = stream(self.take(2));
            if Attribute::parse_outer.parse2(attr.clone()).is_ok() {
                attrs.push(attr);
            } else {
                let message = "this attribute is unfinished";
                diags.error(attr, "OTP0407", message).help("complete it, or remove it");
            }
        }
        attrs
    }

    /// The visibility; one that cannot be read is reported and becomes `pub`.
    fn visibility(&mut self, diags: &mut Diags) -> TokenStream {
        if !is_word(self.peek(), "pub") {
            return TokenStream::new();
        }
        let restricted = matches!(self.tokens.get(1), Some(TokenTree::Group(group))
            if group.delimiter() == Delimiter::Parenthesis);
        let vis = stream(self.take(if restricted { 2 } else { 1 }));
        if syn::parse2::<syn::Visibility>(vis.clone()).is_ok() {
            return vis;
        }
        let message = format!("`{}` is not a visibility", compact(&vis));
        diags.error(vis, "OTP0407", message).help("write `pub` or `pub(crate)`");
        quote!(pub)
    }
}

/// Reads a macro call; `None` when there is nothing in it to name.
pub(super) fn parse(input: TokenStream, diags: &mut Diags) -> Option<Raw> {
    let tokens = flatten(input.clone());
    let is_value = matches!(tokens.first(), Some(TokenTree::Ident(_)))
        && is_punct(tokens.get(1), ':')
        && !is_path_separator(&tokens, 1);
    if is_value {
        return Some(Raw::Value(input));
    }
    parse_item(&mut Cursor { tokens: &tokens }, diags).map(Raw::Item)
}

fn parse_item(cursor: &mut Cursor<'_>, diags: &mut Diags) -> Option<RawItem> {
    const HELP: &str = "write `pub Bank { strategy: one_for_one, children: [..] }`";
    let attrs = cursor.attributes(diags);
    let vis = cursor.visibility(diags);
    if ["struct", "mod", "fn", "enum"].iter().any(|word| is_word(cursor.peek(), word)) {
        let keyword = &cursor.take(1)[0];
        let message = format!("expected the name of the supervisor, found `{keyword}`");
        diags.error(keyword, "OTP0407", message).help(HELP);
    }
    let Some(name) = name(cursor.peek()) else {
        let found = first_token(cursor.tokens);
        let message = format!("expected the name of the supervisor, found {}", describe(found));
        diags.error(stream(found), "OTP0407", message).help(HELP);
        return None;
    };
    cursor.take(1);
    if is_punct(cursor.peek(), '<') {
        let found = stream(cursor.take(generics_end(cursor.tokens, 0).unwrap_or(1)));
        let message = format!("`{name}` cannot be generic: a supervisor has one set of children");
        diags.error(found, "OTP0407", message).help("use types without parameters");
    }
    let params = cursor.group(Delimiter::Parenthesis);
    let options = cursor.group(Delimiter::Brace);
    if options.is_none() || cursor.peek().is_some() {
        let (found, after) =
            (first_token(cursor.tokens), if options.is_some() { "the end" } else { "`{`" });
        let message = format!("expected {after} after `{name}`, found {}", describe(found));
        let at = if found.is_empty() { quote!(#name) } else { stream(found) };
        diags
            .error(at, "OTP0407", message)
            .help(format!("write `{name} {{ strategy: one_for_one, children: [..] }}`"));
    }
    Some(RawItem { attrs, vis, name, params, options })
}

/// The tokens with `,` for every `;`.
fn commas(tokens: TokenStream, what: &str, diags: &mut Diags) -> TokenStream {
    let message = format!("{what} are separated by `,`, found `;`");
    semicolons(tokens, ("OTP0408", &message, "write `,` instead of `;`"), diags)
}

/// Cuts options at their commas, and before every known key that a comma is missing in front of.
pub(super) fn options(
    tokens: TokenStream,
    keys: impl Fn(&Ident) -> bool,
    diags: &mut Diags,
) -> Vec<TokenStream> {
    let mut pieces = Vec::new();
    for piece in split_commas(commas(tokens, "options", diags)) {
        let mut start = 0;
        for at in 1..piece.len() {
            let TokenTree::Ident(ident) = &piece[at] else { continue };
            let is_key = is_punct(piece.get(at + 1), ':') && !is_path_separator(&piece, at + 1);
            let in_path = at >= 2 && is_path_separator(&piece, at - 2);
            if !is_key || in_path || !keys(ident) {
                continue;
            }
            // Without a value before it, that value is what is missing.
            if at - start > 2 {
                let before = &piece[start];
                let message = format!("missing `,` between `{before}` and `{ident}`");
                diags.error(ident, "OTP0408", message).help(format!("write `, {ident}: ..`"));
            }
            pieces.push(stream(&piece[start..at]));
            start = at;
        }
        pieces.push(stream(&piece[start..]));
    }
    pieces
}

/// Reads the entries of `children`.
pub(super) fn entries(tokens: TokenStream, diags: &mut Diags) -> Vec<RawEntry> {
    let mut entries = Vec::new();
    for piece in split_commas(commas(tokens, "children", diags)) {
        if is_stray_option(&piece, entries.last(), diags) {
            continue;
        }
        let mut cursor = Cursor { tokens: &piece };
        entries.push(entry(&mut cursor, diags));
        while let Some(next) = cursor.peek() {
            let found = first_token(cursor.tokens);
            let begins_child = matches!(next, TokenTree::Ident(_)) || is_punct(Some(next), '#');
            let Some(RawEntry::Child(before)) = entries.last().filter(|_| begins_child) else {
                // A broken entry has its report already.
                if matches!(entries.last(), Some(RawEntry::Child(_))) {
                    let help = if is_punct(Some(next), '.') {
                        "write options in braces: `Counter(0) { id: \"second\" }`"
                    } else {
                        "children are separated by `,`"
                    };
                    expected_child(found, help, diags);
                }
                break;
            };
            let (before, after) = (compact(&before.path), path_or_token(&cursor));
            diags
                .error(
                    stream(found),
                    "OTP0408",
                    format!("missing `,` between `{before}` and {after}"),
                )
                .help(format!("write `{before},`"));
            entries.push(entry(&mut cursor, diags));
        }
    }
    entries
}

/// Reports an option that stands behind its child instead of in the child's braces.
fn is_stray_option(piece: &[TokenTree], before: Option<&RawEntry>, diags: &mut Diags) -> bool {
    let [TokenTree::Ident(key), colon, ..] = piece else { return false };
    if !is_punct(Some(colon), ':') || is_path_separator(piece, 1) {
        return false;
    }
    let child = match before {
        Some(RawEntry::Child(child)) => {
            let args = child.args.as_ref().map(|args| args.to_string()).unwrap_or_default();
            format!("{}{args}", compact(&child.path))
        }
        _ => "Counter(0)".to_owned(),
    };
    let message = format!("the option `{key}` stands outside of a child's braces");
    let value = compact(&stream(&piece[2..]));
    let help = format!("write `{child} {{ {key}: {value} }}`");
    diags.error(key, "OTP0407", message).help(help);
    true
}

fn path_or_token(cursor: &Cursor<'_>) -> String {
    let skip = usize::from(is_word(cursor.peek(), "supervisor") && cursor.tokens.len() > 1);
    match path_length(&cursor.tokens[skip..]) {
        0 => describe(first_token(cursor.tokens)),
        length => format!("`{}`", compact(&stream(&cursor.tokens[skip..skip + length]))),
    }
}

fn entry(cursor: &mut Cursor<'_>, diags: &mut Diags) -> RawEntry {
    let attrs = cursor.attributes(diags);
    let mut supervisor = None;
    if let [TokenTree::Ident(word), TokenTree::Ident(_), ..] = cursor.tokens {
        if word == "supervisor" {
            supervisor = Some(word.clone());
            cursor.take(1);
        }
    }
    let path = stream(cursor.take(path_length(cursor.tokens)));
    if path.is_empty() {
        report_no_child(cursor.tokens, diags);
        cursor.take(usize::MAX);
        return RawEntry::Broken(TokenStream::new());
    }
    if is_punct(cursor.peek(), '<') {
        let message = format!(
            "the generic arguments of `{}` are not closed",
            compact(&path).trim_end_matches([':', ' '])
        );
        diags.error(first_token(cursor.tokens).first(), "OTP0407", message).help("add the `>`");
        cursor.take(usize::MAX);
        return RawEntry::Broken(TokenStream::new());
    }
    let unfinished = is_punct(path.clone().into_iter().last().as_ref(), ':');
    if unfinished || syn::parse2::<syn::Path>(path.clone()).is_err() {
        let message = format!("`{}` is not a path to a child", compact(&path));
        diags.error(&path, "OTP0407", message).help("write a type such as `Counter(0)`");
        cursor.take(usize::MAX);
        return RawEntry::Broken(TokenStream::new());
    }
    let args = cursor.group(Delimiter::Parenthesis);
    let braces = cursor.group(Delimiter::Brace);
    let condition = match cursor.peek() {
        Some(TokenTree::Ident(word)) if word == "if" => {
            let rest = &cursor.take(usize::MAX)[1..];
            Some((word.clone(), stream(rest)))
        }
        _ => None,
    };
    RawEntry::Child(RawChild { attrs, supervisor, path, args, braces, condition })
}

/// Says why an entry does not even begin like a child.
fn report_no_child(tokens: &[TokenTree], diags: &mut Diags) {
    match tokens {
        [TokenTree::Group(tuple), ..] if tuple.delimiter() == Delimiter::Brace => {
            elixir_tuple(tuple, diags);
        }
        [TokenTree::Group(tuple), ..]
            if tuple.delimiter() == Delimiter::Parenthesis
                && split_commas(tuple.stream()).len() > 1 =>
        {
            elixir_tuple(tuple, diags);
        }
        [colon, TokenTree::Ident(word), ..] if is_punct(Some(colon), ':') => {
            let message = "there are no atoms in Rust";
            diags
                .error(stream(&tokens[..2]), "OTP0410", message)
                .help(format!("write the type of the child instead of `:{word}`"));
        }
        tokens => expected_child(first_token(tokens), "children are separated by `,`", diags),
    }
}

fn elixir_tuple(tuple: &Group, diags: &mut Diags) {
    let mut parts = split_commas(tuple.stream()).into_iter();
    let path = parts.next().map_or("Counter".to_owned(), |path| compact(&stream(&path)));
    let args: Vec<String> = parts.map(|arg| compact(&stream(&arg))).collect();
    let message = "a child is written like a call, not like an Elixir tuple";
    diags
        .error(TokenTree::Group(tuple.clone()), "OTP0409", message)
        .help(format!("write `{path}({})`", args.join(", ")));
}

fn expected_child(found: &[TokenTree], help: &str, diags: &mut Diags) {
    let message = format!("expected a child such as `Counter(0)`, found {}", describe(found));
    diags.error(stream(found), "OTP0407", message).help(help);
}
