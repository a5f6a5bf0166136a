//! The options of the attributes, as calls of the builder.

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::diag::Diags;
use crate::gen_server::settings::absolute;
use crate::literal::{self, compact};
use crate::options::{self, Key, Options, Table, Value};
use crate::tokens::{flatten, is_punct};

const STRATEGIES: [&str; 3] = ["one_for_one", "one_for_all", "rest_for_one"];
const STRATEGY_HELP: &str = "`one_for_one`, `one_for_all`, `rest_for_one`";
const WITH_HELP: &str = "`with = |partition| Counter::child_spec(partition)`";

const MAX_RESTARTS: Key = key("max_restarts", "`max_restarts = 3`");
const MAX_SECONDS: Key = key("max_seconds", "`max_seconds = 5`");
const CRATE: Key = key("crate", "`crate = ::my_reexport::otp`");

const DYNAMIC: Table = table(
    "`#[dynamic_supervisor]`",
    &[key("max_children", "`max_children = 100`"), MAX_RESTARTS, MAX_SECONDS, CRATE],
);
const PARTITION: Table = table(
    "`#[partition_supervisor]`",
    &[
        key("partitions", "`partitions = 8`"),
        key("with", WITH_HELP),
        key("strategy", STRATEGY_HELP),
        MAX_RESTARTS,
        MAX_SECONDS,
        CRATE,
    ],
);

const fn key(name: &'static str, help: &'static str) -> Key {
    Key { name, value: Value::Required, help }
}

const fn table(owner: &'static str, keys: &'static [Key]) -> Table {
    Table { owner, separator: '=', unknown: "OTP0301", twice: "OTP0302", keys }
}

/// What the options say.
pub(super) struct Settings {
    /// The path of the library.
    pub(super) otp: TokenStream,
    /// Calls of the builder: `.max_children(100)`.
    pub(super) calls: TokenStream,
    /// Makes the specs of partitions.
    pub(super) with: Option<TokenStream>,
}

/// Reads the options of `#[dynamic_supervisor]`.
pub(super) fn dynamic(args: TokenStream, diags: &mut Diags) -> Settings {
    let options = options::read(args, &DYNAMIC, diags);
    let otp = root(&options, diags);
    let mut calls = number(&options, "max_children", 1, "OTP0906", diags);
    calls.extend(limits(&options, diags));
    Settings { otp, calls, with: None }
}

/// Reads the options of `#[partition_supervisor]`.
pub(super) fn partition(args: TokenStream, diags: &mut Diags) -> Settings {
    let options = options::read(args, &PARTITION, diags);
    let otp = root(&options, diags);
    let mut calls = number(&options, "partitions", 1, "OTP0906", diags);
    if let Some(value) = options.value("strategy") {
        let error = ("OTP0401", STRATEGY_HELP);
        if let Some(found) = literal::choice(value, ("strategy", '='), &STRATEGIES, error, diags) {
            let variant = format_ident!("{}", ["OneForOne", "OneForAll", "RestForOne"][found]);
            calls.extend(quote!(.strategy(#otp::Strategy::#variant)));
        }
    }
    calls.extend(limits(&options, diags));
    let with = options.value("with").and_then(|value| {
        expression(value, "with", "a function from the number of a partition to its spec", diags)
    });
    Settings { otp, calls, with }
}

fn root(options: &Options, diags: &mut Diags) -> TokenStream {
    let path = options.value("crate").and_then(|path| absolute(path, diags));
    path.unwrap_or_else(|| quote!(::otp))
}

fn limits(options: &Options, diags: &mut Diags) -> TokenStream {
    let mut calls = number(options, "max_restarts", 0, "OTP0414", diags);
    calls.extend(number(options, "max_seconds", 1, "OTP0415", diags));
    calls
}

/// The call for an option that is a whole number. Anything but a literal is an expression of the
/// user, for rustc to check.
fn number(
    options: &Options,
    name: &str,
    least: u32,
    code: &'static str,
    diags: &mut Diags,
) -> TokenStream {
    let Some(value) = options.value(name) else { return TokenStream::new() };
    let method = format_ident!("{name}");
    let is_literal = match flatten(value.clone()).as_slice() {
        [TokenTree::Literal(_)] => true,
        [minus, TokenTree::Literal(_)] => is_punct(Some(minus), '-'),
        _ => false,
    };
    if !is_literal {
        let value = expression(value, name, "a whole number", diags);
        return value.map_or_else(TokenStream::new, |value| quote!(.#method(#value)));
    }
    let good = syn::parse2::<syn::LitInt>(value.clone()).is_ok_and(|number| {
        number.suffix().is_empty()
            && number.base10_parse::<u32>().is_ok_and(|number| number >= least)
    });
    if good {
        return quote!(.#method(#value));
    }
    let message =
        format!("`{name}` must be a whole number from {least}, found `{}`", compact(value));
    diags.error(value, code, message).help(format!("write `{name} = 5`"));
    TokenStream::new()
}

/// The value as an expression.
fn expression(
    value: &TokenStream,
    name: &str,
    what: &str,
    diags: &mut Diags,
) -> Option<TokenStream> {
    if syn::parse2::<syn::Expr>(value.clone()).is_ok() {
        return Some(value.clone());
    }
    let message = format!("`{name}` needs {what}, found `{}`", compact(value));
    diags.error(value, "OTP0303", message).help("complete the value, or remove the option");
    None
}
