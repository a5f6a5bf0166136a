//! From the raw tree to the model: everything that can be wrong with a supervisor is found here.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::parse::Parser;

use super::model::{Entry, Item, Model, Params, Start, Tree};
use super::parse::{self, Raw, RawItem};
use super::{backoff, children};
use crate::diag::Diags;
use crate::literal::{self, compact};
use crate::options::{self, Key, Options, Table, Value};
use crate::tokens::{flatten, is_path_separator, is_punct, is_word, split_commas, stream};

const STRATEGIES: [&str; 3] = ["one_for_one", "one_for_all", "rest_for_one"];
const STRATEGY_HELP: &str = "`one_for_one`, `one_for_all`, `rest_for_one`";
const AUTO_SHUTDOWN: [&str; 3] = ["never", "any_significant", "all_significant"];
const AUTO_SHUTDOWN_HELP: &str = "`never`, `any_significant`, `all_significant`";

const fn key(name: &'static str, help: &'static str) -> Key {
    Key { name, value: Value::Required, help }
}

const STRATEGY: Key = key("strategy", "`strategy: one_for_one`, `one_for_all` or `rest_for_one`");
const MAX_RESTARTS: Key = key("max_restarts", "`max_restarts: 3`");
const MAX_SECONDS: Key = key("max_seconds", "`max_seconds: 5`");
const AUTO: Key = key("auto_shutdown", "`never`, `any_significant` or `all_significant`");
const BACKOFF: Key = key("backoff", "`backoff: 100ms..5s`");
const CHILDREN: Key = key("children", "`children: [Counter(0), ..]`");
const CRATE: Key = key("crate", "`crate: ::my_reexport::otp`");
const ID: Key = key("id", "`id: \"second\"`");
const RESTART: Key = key("restart", "`restart: permanent`, `transient` or `temporary`");
const SHUTDOWN: Key = key("shutdown", "`shutdown: 5s`, `infinity` or `brutal_kill`");
const SIGNIFICANT: Key = key("significant", "`significant: true`");
const AFTER: Key = key("after", "`after: Users` or `after: [Users, Cache]`");
const NAME: Key = key("name", "`name: \"second\"`");

/// The options of a whole `supervisor!`.
const TOP: Table =
    table("`supervisor!`", &[STRATEGY, MAX_RESTARTS, MAX_SECONDS, AUTO, BACKOFF, CHILDREN, CRATE]);
/// The options of a supervisor inside another one.
pub(super) const NESTED: Table = table(
    "a nested supervisor",
    &[
        STRATEGY,
        MAX_RESTARTS,
        MAX_SECONDS,
        AUTO,
        BACKOFF,
        CHILDREN,
        ID,
        RESTART,
        SHUTDOWN,
        SIGNIFICANT,
        NAME,
        AFTER,
    ],
);
/// The options of a child.
pub(super) const CHILD: Table =
    table("a child", &[ID, RESTART, SHUTDOWN, SIGNIFICANT, NAME, AFTER]);

const fn table(owner: &'static str, keys: &'static [Key]) -> Table {
    Table { owner, separator: ':', unknown: "OTP0405", twice: "OTP0406", keys }
}

/// Options, and the keys that the user tried to give.
pub(super) struct Given {
    options: Options,
    tried: Vec<&'static str>,
}

impl Given {
    /// Reads the options in braces.
    pub(super) fn read(tokens: TokenStream, table: &Table, diags: &mut Diags) -> Given {
        let names: Vec<&'static str> = table.keys.iter().map(|key| key.name).collect();
        let is_key = |ident: &Ident| names.iter().any(|name| ident == name);
        let pieces = parse::options(tokens, is_key, diags);
        let tried = pieces.iter().filter_map(|piece| {
            let mut tokens = piece.clone().into_iter();
            let word = tokens.next()?.to_string();
            let known = names.iter().copied().find(|name| *name == word);
            known.or_else(|| table.meant(&word, tokens.nth(1).as_ref()))
        });
        let tried = tried.collect();
        Given { options: options::read_pieces(pieces, table, diags), tried }
    }

    /// The key's token and the value; a leading `:` of an Elixir atom is reported and left out.
    pub(super) fn word(&self, name: &str, diags: &mut Diags) -> Option<(&Ident, TokenStream)> {
        let (key, value) = self.tokens(name)?;
        let tokens = flatten(value.clone());
        if let [colon, TokenTree::Ident(word)] = tokens.as_slice() {
            if is_punct(Some(colon), ':') {
                diags
                    .error(value, "OTP0410", "there are no atoms in Rust")
                    .help(format!("write `{word}` without the leading `:`"));
                return Some((key, word.to_token_stream()));
            }
        }
        Some((key, value.clone()))
    }

    /// The key's token and the value's tokens.
    pub(super) fn tokens(&self, name: &str) -> Option<(&Ident, &TokenStream)> {
        let given = self.options.get(name)?;
        given.value.as_ref().map(|value| (&given.key, value))
    }

    /// Whether the user wrote this key, however wrong.
    pub(super) fn tried(&self, name: &str) -> bool {
        self.tried.contains(&name)
    }
}

/// Checks a macro call.
pub(super) fn check(raw: Raw, diags: &mut Diags) -> Model {
    match raw {
        Raw::Value(tokens) => {
            let at = tokens.clone().into_iter().next().map_or_else(Span::call_site, |it| it.span());
            let given = Given::read(tokens, &TOP, diags);
            let otp = root(&given, diags);
            let tree = tree(&given, ("this supervisor", at), diags);
            Model { otp, item: None, tree }
        }
        Raw::Item(raw) => check_item(raw, diags),
    }
}

fn check_item(raw: RawItem, diags: &mut Diags) -> Model {
    let params = params(&raw, diags);
    let (otp, mut tree) = match &raw.options {
        Some(braces) => {
            let given = Given::read(braces.stream(), &TOP, diags);
            let owner = format!("`{}`", raw.name);
            (root(&given, diags), self::tree(&given, (&owner, raw.name.span()), diags))
        }
        None => (quote!(::otp), Tree::empty()),
    };
    if matches!(params, Params::Faulty(_)) {
        // The children cannot be type-checked without the parameters they use.
        tree.entries = probes(tree.entries);
    }
    let cfgs = raw.attrs.iter().filter(|attr| is_cfg(attr)).cloned().collect();
    let has_debug = raw.attrs.iter().any(|attr| {
        let derives = attribute_name(attr).is_some_and(|name| name == "derive");
        derives && attr.to_string().contains("Debug")
    });
    let attrs = raw.attrs.into_iter().collect();
    let item = Item { attrs, cfgs, has_debug, vis: raw.vis, name: raw.name, params };
    Model { otp, item: Some(item), tree }
}

/// Of each child its path only, so that it still resolves.
fn probes(entries: Vec<Entry>) -> Vec<Entry> {
    let mut kept = Vec::new();
    for entry in entries {
        match entry {
            Entry::Child(child) if child.cfgs.is_empty() => match child.start {
                Start::Path { path, .. } => {
                    kept.push(Entry::Probe(vec![quote!(#path::child_spec)]));
                }
                Start::Nested { tree, .. } => kept.extend(probes(tree.entries)),
            },
            _ => {}
        }
    }
    kept
}

/// Whether the tokens of an attribute are `#[cfg(..)]`.
pub(super) fn is_cfg(attr: &TokenStream) -> bool {
    attribute_name(attr).is_some_and(|name| name == "cfg")
}

/// The first word of an attribute.
pub(super) fn attribute_name(attr: &TokenStream) -> Option<Ident> {
    match attr.clone().into_iter().nth(1) {
        Some(TokenTree::Group(group)) => match group.stream().into_iter().next() {
            Some(TokenTree::Ident(ident)) => Some(ident),
            _ => None,
        },
        _ => None,
    }
}

/// The path of the library.
fn root(given: &Given, diags: &mut Diags) -> TokenStream {
    let Some((_, path)) = given.tokens("crate") else { return quote!(::otp) };
    let tokens = flatten(path.clone());
    let absolute = is_path_separator(&tokens, 0)
        || ["crate", "$crate"].iter().any(|root| is_word(tokens.first(), root));
    let flat = stream(&tokens);
    if absolute && syn::Path::parse_mod_style.parse2(flat.clone()).is_ok() {
        return flat;
    }
    diags
        .error(path, "OTP0312", "the path must be absolute")
        .help("write `crate: ::my_reexport::otp` or `crate: crate::otp`");
    quote!(::otp)
}

fn params(raw: &RawItem, diags: &mut Diags) -> Params {
    const MESSAGE: &str = "supervisor parameters need plain names and owned types";
    let Some(group) = &raw.params else { return Params::Good(Vec::new()) };
    let mut params = Vec::new();
    let mut good = true;
    for (index, piece) in split_commas(group.stream()).into_iter().enumerate() {
        let name = match piece.as_slice() {
            [_, colon, ..] if is_punct(Some(colon), ':') => crate::tokens::name(piece.first()),
            _ => None,
        };
        let ty = syn::parse2::<syn::Type>(stream(piece.get(2..).unwrap_or_default())).ok();
        let fallback = format_ident!("arg{index}");
        let (name, ty) = match (name, ty) {
            (Some(name), Some(ty)) if is_owned(&ty) => (name, Some(ty.to_token_stream())),
            (Some(name), ty) => {
                let at = ty.map_or_else(|| stream(&piece), ToTokens::into_token_stream);
                let help = format!("write `{name}: Config` with a type that owns its data");
                diags.error(at, "OTP0417", MESSAGE).help(help);
                good = false;
                (fallback, None)
            }
            (None, _) => {
                let colon = piece.iter().position(|token| is_punct(Some(token), ':'));
                let pattern = stream(&piece[..colon.unwrap_or(piece.len())]);
                diags.error(pattern, "OTP0417", MESSAGE).help("write `config: Config`");
                good = false;
                (fallback, None)
            }
        };
        params.push((name, ty));
    }
    if !good {
        return Params::Faulty(params);
    }
    Params::Good(params.into_iter().filter_map(|(name, ty)| Some((name, ty?))).collect())
}

/// Whether a value of this type can be kept for restarts, as far as its spelling tells.
fn is_owned(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(reference) => {
            reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static")
        }
        syn::Type::ImplTrait(_) | syn::Type::Infer(_) => false,
        _ => true,
    }
}

impl Tree {
    /// A supervisor of which nothing is known.
    pub(super) fn empty() -> Tree {
        Tree {
            strategy: format_ident!("one_for_one"),
            max_restarts: None,
            max_seconds: None,
            auto_shutdown: None,
            backoff: None,
            entries: Vec::new(),
        }
    }
}

/// Checks the options of one supervisor; `owner` is what messages call it, and where.
pub(super) fn tree(given: &Given, owner: (&str, Span), diags: &mut Diags) -> Tree {
    let mut tree = Tree::empty();
    if let Some(strategy) = strategy(given, owner, diags) {
        tree.strategy = strategy;
    }
    tree.max_restarts = number(given, "max_restarts", 0, diags);
    tree.max_seconds = number(given, "max_seconds", 1, diags);
    tree.backoff = backoff::read(given, diags);
    let mut stops_itself = false;
    if let Some((_, value)) = given.word("auto_shutdown", diags) {
        let error = ("OTP0405", AUTO_SHUTDOWN_HELP);
        let found = literal::choice(&value, ("auto_shutdown", ':'), &AUTO_SHUTDOWN, error, diags);
        stops_itself = found != Some(0);
        tree.auto_shutdown = found.map(|index| {
            let variant = ["Never", "AnySignificant", "AllSignificant"][index];
            format_ident!("{variant}")
        });
    }
    stops_itself |= given.tried("auto_shutdown") && given.tokens("auto_shutdown").is_none();
    match given.tokens("children") {
        Some((_, value)) => {
            if let Some(list) = list(value, diags) {
                tree.entries = children::check(list, stops_itself, diags);
            }
        }
        None if given.tried("children") => {}
        None => {
            let message = format!("{} has no `children`", owner.0);
            diags.error_at(owner.1, "OTP0403", message).help(
                "add `children: [..]`; children that come and go are started with \
                 `SupervisorRef::start_child`",
            );
        }
    }
    tree
}

fn strategy(given: &Given, owner: (&str, Span), diags: &mut Diags) -> Option<Ident> {
    let Some((_, value)) = given.word("strategy", diags) else {
        if !given.tried("strategy") {
            let message = format!("{} has no `strategy`", owner.0);
            diags.error_at(owner.1, "OTP0402", message).help("add `strategy: one_for_one,`");
        }
        return None;
    };
    let word = literal::word(&value);
    if word.as_ref().is_some_and(|word| word == "simple_one_for_one") {
        diags
            .error(value, "OTP0416", "`simple_one_for_one` is not a strategy here")
            .help("write `one_for_one` and start children with `SupervisorRef::start_child`");
        return None;
    }
    literal::choice(&value, ("strategy", ':'), &STRATEGIES, ("OTP0401", STRATEGY_HELP), diags)?;
    word
}

/// Reads a whole number. Anything but a literal is an expression of the user, for rustc to check.
fn number(given: &Given, name: &str, least: u32, diags: &mut Diags) -> Option<TokenStream> {
    let (_, value) = given.tokens(name)?;
    let code = if least == 0 { "OTP0414" } else { "OTP0415" };
    let digits = flatten(value.clone());
    let is_literal = match digits.as_slice() {
        [TokenTree::Literal(_)] => true,
        [minus, TokenTree::Literal(_)] => is_punct(Some(minus), '-'),
        _ => false,
    };
    if is_literal {
        let number = syn::parse2::<syn::LitInt>(value.clone()).ok().filter(|number| {
            number.suffix().is_empty()
                && number.base10_parse::<u32>().is_ok_and(|number| number >= least)
        });
        if number.is_none() {
            let message =
                format!("`{name}` must be a whole number from {least}, found `{}`", compact(value));
            diags.error(value, code, message).help(format!("write `{name}: 5`"));
        }
        return number.map(ToTokens::into_token_stream);
    }
    expression(value, name, diags)
}

/// The value as an expression.
pub(super) fn expression(
    value: &TokenStream,
    name: &str,
    diags: &mut Diags,
) -> Option<TokenStream> {
    match syn::parse2::<syn::Expr>(value.clone()) {
        Ok(_) => Some(value.clone()),
        Err(error) => {
            let message = format!("the value of `{name}` is unfinished or not an expression");
            diags.error(value, "OTP0407", message).help(error);
            None
        }
    }
}

/// The content of `[..]`; other brackets are reported and read all the same.
fn list(value: &TokenStream, diags: &mut Diags) -> Option<TokenStream> {
    const HELP: &str = "write `children: [Counter(0), ..]`";
    let tokens = flatten(value.clone());
    let group = tokens.iter().find_map(|token| match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    });
    let exact = match tokens.as_slice() {
        [TokenTree::Group(group)] => group.delimiter() == Delimiter::Bracket,
        _ => false,
    };
    if !exact {
        let [first, ..] = tokens.as_slice() else { return None };
        let message = "`children` is one list in `[..]`";
        let at = match tokens.as_slice() {
            [TokenTree::Group(list), extra, ..] if list.delimiter() == Delimiter::Bracket => extra,
            _ => first,
        };
        diags.error(at, "OTP0407", message).help(HELP);
    }
    group.map(proc_macro2::Group::stream)
}
