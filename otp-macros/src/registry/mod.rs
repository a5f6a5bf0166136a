//! `#[registry(unique)]` and `#[registry(duplicate)]`: a type that stands for a registry.

mod expand;
mod functions;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Fields, Item, ItemStruct, Visibility};

use crate::diag::Diags;
use crate::gen_server::settings::{absolute, flag};
use crate::options::{Key, Options, Table, Value, read};

const UNIQUE: Key = Key { name: "unique", value: Value::Optional, help: "" };
const DUPLICATE: Key = Key { name: "duplicate", value: Value::Optional, help: "" };
const PARTITIONS: Key =
    Key { name: "partitions", value: Value::Required, help: "`partitions = 4`" };
const CRATE: Key =
    Key { name: "crate", value: Value::Required, help: "`crate = ::my_reexport::otp`" };

const TABLE: Table = Table {
    owner: "`#[registry]`",
    separator: '=',
    unknown: "OTP0301",
    twice: "OTP0302",
    keys: &[UNIQUE, DUPLICATE, PARTITIONS, CRATE],
};

/// A registry that has been checked.
struct Registry {
    otp: TokenStream,
    attrs: Vec<Attribute>,
    vis: Visibility,
    name: Ident,
    unique: bool,
    partitions: Option<TokenStream>,
    key: TokenStream,
    /// `None` when entries have no values.
    value: Option<TokenStream>,
}

/// The attribute: the type, what is generated for it, and the errors.
pub(crate) fn registry(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut diags = Diags::new();
    let options = read(args, &TABLE, &mut diags);
    // An option that could not be read may be the one that is missing.
    let is_sure = diags.count() == 0;
    let item = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Struct(item)) => item,
        Ok(other) => {
            let found = other.to_token_stream();
            diags.error(&found, "OTP0608", "`#[registry]` needs a struct").help(HELP);
            return diags.finish(found);
        }
        Err(error) => {
            let message = format!("this type cannot be read: {error}");
            diags.error_at(error.span(), "OTP0105", message);
            return diags.finish(item);
        }
    };
    let output = expand::expand(&check((&options, is_sure), item, &mut diags));
    diags.finish(output)
}

const HELP: &str = "write `struct Users(Key);` or `struct Users(Key, Value);`";

fn check((options, is_sure): (&Options, bool), item: ItemStruct, diags: &mut Diags) -> Registry {
    let otp = options.value("crate").and_then(|path| absolute(path, diags));
    let unique = kind(options, is_sure.then_some(&item.ident), diags);
    let partitions = options.value("partitions").cloned();
    let partitions = partitions.filter(|value| partitions_are_sound(value, diags));
    if !item.generics.params.is_empty() {
        let message =
            format!("`{}` cannot be generic: a registry has one type of keys", item.ident);
        diags.error(&item.generics, "OTP0608", message).help("use types without parameters");
    }
    let (key, value) = types(&item, diags);
    Registry {
        otp: otp.unwrap_or_else(|| quote!(::otp)),
        attrs: item.attrs,
        vis: item.vis,
        name: item.ident,
        unique,
        partitions,
        key,
        value,
    }
}

/// Whether keys are unique; `name` is the one of the registry, to ask when neither is said.
fn kind(options: &Options, name: Option<&Ident>, diags: &mut Diags) -> bool {
    const HELP: &str = "write `#[registry(unique)]` or `#[registry(duplicate)]`";
    let unique = flag(options.get("unique"), false, diags).is_some();
    let duplicate = options.get("duplicate");
    let _ = flag(duplicate, false, diags);
    match (unique, duplicate) {
        (true, Some(duplicate)) => {
            let message = "the keys of a registry are either `unique` or `duplicate`";
            diags.error(&duplicate.key, "OTP0607", message).help("remove one");
        }
        (false, None) if name.is_some() => {
            let name = name.into_token_stream();
            let message = format!("`{name}` does not say whether a key may have many entries");
            diags.error(name, "OTP0607", message).help(HELP);
        }
        _ => {}
    }
    unique || duplicate.is_none()
}

fn partitions_are_sound(value: &TokenStream, diags: &mut Diags) -> bool {
    let is_sound = match syn::parse2::<syn::Expr>(value.clone()) {
        Ok(syn::Expr::Lit(literal)) => match &literal.lit {
            syn::Lit::Int(number) => number.base10_parse::<usize>().is_ok_and(|it| it > 0),
            _ => false,
        },
        Ok(syn::Expr::Unary(_)) | Err(_) => false,
        Ok(_) => true,
    };
    if !is_sound {
        let message = "`partitions` must be a whole number from 1";
        diags.error(value, "OTP0609", message).help("write `partitions = 4`");
    }
    is_sound
}

/// The types of keys and values. With a fault any types do, so that the functions are there.
fn types(item: &ItemStruct, diags: &mut Diags) -> (TokenStream, Option<TokenStream>) {
    let fields: Vec<_> = match &item.fields {
        Fields::Unnamed(fields) => fields.unnamed.iter().collect(),
        Fields::Named(_) | Fields::Unit => Vec::new(),
    };
    // `A + B` means something else in front of a `where`.
    let ty = |at: usize| match &fields.get(at)?.ty {
        object @ syn::Type::TraitObject(_) => Some(quote!((#object))),
        ty => Some(ty.to_token_stream()),
    };
    let is_plain =
        |field: &&syn::Field| field.attrs.is_empty() && matches!(field.vis, Visibility::Inherited);
    match (ty(0), fields.len()) {
        (Some(key), 1 | 2) => {
            if let Some(field) = fields.iter().find(|field| !is_plain(field)) {
                let message =
                    "a type in `#[registry]` is no field: it has no `pub` and no attributes";
                diags.error(field, "OTP0608", message).help(HELP);
            }
            (key, ty(1))
        }
        _ => {
            let at = match &item.fields {
                Fields::Unit => item.ident.to_token_stream(),
                fields => fields.to_token_stream(),
            };
            let name = &item.ident;
            let message = "`#[registry]` reads the types of keys and values from the struct";
            diags
                .error(at, "OTP0608", message)
                .help(format!("write `struct {name}(Key);` or `struct {name}(Key, Value);`"));
            (quote!(::std::string::String), None)
        }
    }
}
