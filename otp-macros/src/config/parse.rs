//! From the item to the model.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Fields, Item, Lit, LitStr, Meta};

use super::{Field, Model, Source};
use crate::diag::Diags;
use crate::gen_server::settings::{absolute, flag};
use crate::literal::{self, Zero, compact};
use crate::options::{Given, Key, Options, Table, Value, read_pieces};
use crate::sig::inside;
use crate::tokens::{split_commas, stream};

const STRUCT: Table = Table {
    owner: "`#[config]` on a struct",
    separator: '=',
    unknown: "OTP0301",
    twice: "OTP0302",
    keys: &[
        Key { name: "app", value: Value::Required, help: "`app = \"bank\"`" },
        Key { name: "deny_unknown", value: Value::Optional, help: "" },
        Key { name: "crate", value: Value::Required, help: "`crate = ::my_reexport::otp`" },
    ],
};

const FIELD: Table = Table {
    owner: "`#[config]` on a field",
    separator: '=',
    unknown: "OTP0301",
    twice: "OTP0302",
    keys: &[
        Key { name: "env", value: Value::Required, help: "`env = \"APP_PORT\"`" },
        Key { name: "default", value: Value::Optional, help: "" },
        Key { name: "key", value: Value::Required, help: "`key = \"limits.requests\"`" },
        Key { name: "secret", value: Value::Optional, help: "" },
        Key { name: "nested", value: Value::Optional, help: "" },
    ],
};

/// Checks the item; `None` when there is nothing to hang the generated code on.
pub(super) fn model(item: &Item, diags: &mut Diags) -> Option<Model> {
    let item = named(item, diags)?;
    let lifetime = item.generics.lifetimes().next();
    if let Some(lifetime) = lifetime {
        let message = format!("a configuration cannot borrow for `{}`", lifetime.lifetime);
        diags
            .error(&lifetime.lifetime, "OTP0802", message)
            .help("own the data: `String` instead of `&str`, `Vec<T>` instead of `&[T]`");
        return None;
    }
    let options = options(&item.attrs, &STRUCT, diags);
    let path = options.value("crate").and_then(|path| absolute(path, diags));
    let app = options.get("app").and_then(|given| text(given, WORD, diags));
    let mut fields: Vec<(Field, Span)> = Vec::new();
    for field in &item.fields {
        let Some(name) = &field.ident else { continue };
        let (field, at) = self::field(name, field, diags);
        if let Some((first, _)) = fields.iter().find(|(first, _)| first.key == field.key) {
            let message =
                format!("`{}` and `{name}` have the same key `{}`", first.name, field.key);
            diags
                .error_at(at, "OTP0804", message)
                .help("give one of them another: `#[config(key = \"..\")]`");
        }
        fields.push((field, at));
    }
    Some(Model {
        name: item.ident.clone(),
        generics: item.generics.clone(),
        otp: path.unwrap_or_else(|| quote!(::otp)),
        app: app.map(|(app, _)| app),
        deny_unknown: flag(options.get("deny_unknown"), false, diags).is_some(),
        fields: fields.into_iter().map(|(field, _)| field).collect(),
    })
}

/// The struct with named fields that it must be.
fn named<'a>(item: &'a Item, diags: &mut Diags) -> Option<&'a syn::ItemStruct> {
    let (found, what) = match item {
        Item::Struct(item) => match &item.fields {
            Fields::Named(_) => return Some(item),
            Fields::Unnamed(fields) => (fields.to_token_stream(), "its fields have none"),
            Fields::Unit => (item.ident.to_token_stream(), "it has no fields"),
        },
        Item::Enum(item) => (item.ident.to_token_stream(), "this is an enum"),
        Item::Union(item) => (item.ident.to_token_stream(), "this is a union"),
        other => (other.to_token_stream(), "this is no struct"),
    };
    let message = format!("`#[derive(Config)]` needs a struct whose fields have names; {what}");
    let help = match item {
        Item::Enum(_) => "an enum that is one value derives `serde::Deserialize` instead",
        _ => "write `struct AppConfig { port: u16 }`",
    };
    diags.error(found, "OTP0801", message).help(help);
    None
}

/// The options of all `#[config(..)]` among the attributes.
fn options(attrs: &[Attribute], table: &Table, diags: &mut Diags) -> Options {
    let mut pieces: Vec<TokenStream> = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("config")) {
        match &attr.meta {
            Meta::List(list) => {
                pieces.extend(split_commas(list.tokens.clone()).iter().map(|it| stream(it)));
            }
            meta => {
                let found = compact(&meta.to_token_stream());
                diags
                    .error(
                        inside(attr),
                        "OTP0301",
                        format!("expected `config(..)`, found `{found}`"),
                    )
                    .help("write the options in parentheses: `#[config(default = 4000)]`");
            }
        }
    }
    read_pieces(pieces, table, diags)
}

/// One field, and where its key stands.
fn field(name: &proc_macro2::Ident, field: &syn::Field, diags: &mut Diags) -> (Field, Span) {
    let options = options(&field.attrs, &FIELD, diags);
    let key = options.get("key").and_then(|given| text(given, PATH, diags));
    let env = options.get("env").and_then(|given| text(given, VARIABLE, diags));
    let secret = flag(options.get("secret"), false, diags).is_some();
    let nested = flag(options.get("nested"), false, diags).is_some();
    if nested {
        alone(&options, diags);
    }
    let source = match options.get("default") {
        _ if nested => Source::Nested,
        None => Source::Required,
        Some(Given { value: None, .. }) => Source::Default,
        Some(Given { value: Some(value), .. }) => {
            default(value, diags).map_or(Source::Default, Source::Value)
        }
    };
    let (key, at) = key.unwrap_or_else(|| (name.unraw().to_string(), name.span()));
    let (name, ty) = (name.clone(), field.ty.clone());
    (Field { name, ty, key, env: env.map(|(env, _)| env), secret, source }, at)
}

/// A struct of its own has options of its own.
fn alone(options: &Options, diags: &mut Diags) {
    for other in ["env", "default", "secret"] {
        let Some(given) = options.get(other) else { continue };
        let message = format!("`{other}` and `nested` exclude each other");
        diags
            .error(&given.key, "OTP0803", message)
            .help("a nested struct is a table; write the option on the fields of that struct");
    }
}

/// The default as an expression of the field's type.
fn default(value: &TokenStream, diags: &mut Diags) -> Option<TokenStream> {
    let mut tokens = value.clone().into_iter();
    let only = match (tokens.next(), tokens.next()) {
        (Some(proc_macro2::TokenTree::Literal(literal)), None) => Some(Lit::new(literal)),
        _ => None,
    };
    let is_time = |suffix: &str| !suffix.is_empty() && !is_number_type(suffix);
    match only {
        Some(Lit::Str(text)) => Some(quote! { ::core::convert::Into::into(#text) }),
        Some(Lit::Int(number)) if is_time(number.suffix()) => time(value, diags),
        Some(Lit::Float(number)) if is_time(number.suffix()) => time(value, diags),
        _ => match syn::parse2::<syn::Expr>(value.clone()) {
            Ok(_) => Some(value.clone()),
            Err(error) => {
                let found = compact(value);
                let message = format!("the default `{found}` is no expression: {error}");
                diags
                    .error(value, "OTP0808", message)
                    .help("write a value: `default = 4000`, `default = \"data\"`, `default = 5s`");
                None
            }
        },
    }
}

fn time(value: &TokenStream, diags: &mut Diags) -> Option<TokenStream> {
    literal::duration(value, Zero::Allowed, diags).map(literal::duration_tokens)
}

fn is_number_type(suffix: &str) -> bool {
    let digits = suffix.trim_start_matches(['i', 'u', 'f']);
    matches!(digits, "8" | "16" | "32" | "64" | "128" | "size")
}

/// A text that `fits`, and where it stands.
fn text(given: &Given, fits: Fits, diags: &mut Diags) -> Option<(String, Span)> {
    let (key, value) = (&given.key, given.value.as_ref()?);
    let (is_right, help) = fits;
    match syn::parse2::<LitStr>(value.clone()) {
        Ok(text) if is_right(&text.value()) => Some((text.value(), text.span())),
        _ => {
            let message = format!("`{key}` cannot be `{}`", compact(value));
            diags.error(value, "OTP0805", message).help(help);
            None
        }
    }
}

/// What a text must be, and the help if it is not.
type Fits = (fn(&str) -> bool, &'static str);

const WORD: Fits = (
    |text| !text.is_empty() && !text.contains('.'),
    "write the name of a table of the file: `app = \"bank\"`",
);
const PATH: Fits = (
    |text| text.split('.').all(|part| !part.is_empty()),
    "write names with dots between them: `key = \"limits.requests\"`",
);
const VARIABLE: Fits = (
    |text| !text.is_empty() && !text.contains(['=', '\0']),
    "write the name of an environment variable: `env = \"APP_PORT\"`",
);
