//! Reading the struct under the attribute.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Field, Fields, ItemStruct, Token, Type, Visibility};

use crate::diag::Diags;

/// The struct, as far as it matters.
pub(super) struct Item {
    /// What the user wrote above it.
    pub(super) attrs: Vec<Attribute>,
    /// The visibility of the type and of its functions.
    pub(super) vis: Visibility,
    /// The keyword, which is where lints about the type point.
    pub(super) keyword: Token![struct],
    /// Its name.
    pub(super) name: Ident,
    /// What is supervised: the type of its only field.
    pub(super) inner: Option<Type>,
    /// The item itself, when it is none that could be replaced by a unit struct.
    pub(super) kept: Option<TokenStream>,
}

/// What was found under the attribute.
pub(super) enum Read {
    /// Something to hang the functions on.
    Item(Box<Item>),
    /// Something else, which stays as it is.
    Other(TokenStream),
}

impl Item {
    /// The `#[cfg(..)]` among the attributes, for the other items.
    pub(super) fn cfgs(&self) -> impl Iterator<Item = &Attribute> {
        self.attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
    }
}

/// Reads the item; `owner` is the attribute and `example` what should stand below it.
pub(super) fn read(item: TokenStream, owner: &str, example: &str, diags: &mut Diags) -> Read {
    let help = format!("write `pub struct {example};`");
    let found = match syn::parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Struct(found)) => return of_struct(found, owner, &help, diags),
        Ok(found) => found,
        Err(error) => {
            let message = format!("this struct cannot be read: {error}");
            diags.error_at(error.span(), "OTP0901", message).help(help);
            return Read::Other(item);
        }
    };
    let (at, what) = match &found {
        syn::Item::Enum(it) => (it.enum_token.to_token_stream(), "an enum"),
        syn::Item::Union(it) => (it.union_token.to_token_stream(), "a union"),
        syn::Item::Fn(it) => (it.sig.fn_token.to_token_stream(), "a function"),
        syn::Item::Impl(it) => (it.impl_token.to_token_stream(), "an `impl` block"),
        syn::Item::Type(it) => (it.type_token.to_token_stream(), "a type alias"),
        _ => (first_token(&item), "this"),
    };
    let message = format!("`#[{owner}]` goes on a struct, not on {what}");
    diags.error(at, "OTP0901", message).help(help);
    let (attrs, vis, name, generics) = match found {
        syn::Item::Enum(it) => (it.attrs, it.vis, it.ident, it.generics),
        syn::Item::Union(it) => (it.attrs, it.vis, it.ident, it.generics),
        _ => return Read::Other(item),
    };
    if !generics.params.is_empty() {
        return Read::Other(item);
    }
    let keyword = Token![struct](name.span());
    Read::Item(Box::new(Item { attrs, vis, keyword, name, inner: None, kept: Some(item) }))
}

fn first_token(item: &TokenStream) -> TokenStream {
    item.clone().into_iter().take(1).collect()
}

fn of_struct(item: ItemStruct, owner: &str, help: &str, diags: &mut Diags) -> Read {
    let name = &item.ident;
    let first = first_field(&item, owner, help, diags);
    if !item.generics.params.is_empty() || item.generics.where_clause.is_some() {
        let message = format!("`{name}` cannot be generic: it stands for one supervisor");
        let at = match item.generics.params.is_empty() {
            true => item.generics.where_clause.to_token_stream(),
            false => item.generics.params.to_token_stream(),
        };
        diags.error(at, "OTP0904", message).help("use types without parameters");
        return Read::Other(item.into_token_stream());
    }
    let ItemStruct { attrs, vis, struct_token: keyword, ident: name, .. } = item;
    Read::Item(Box::new(Item { attrs, vis, keyword, name, inner: first, kept: None }))
}

/// The type of the first field, which must be the only one and have no name.
fn first_field(item: &ItemStruct, owner: &str, help: &str, diags: &mut Diags) -> Option<Type> {
    let name = &item.ident;
    if let Fields::Named(fields) = &item.fields {
        let message = format!("`{name}` has no fields to name: it holds nothing");
        let at = match fields.named.first() {
            Some(field) => field.to_token_stream(),
            None => name.to_token_stream(),
        };
        diags.error(at, "OTP0903", message).help(help);
    } else if let Some(second) = item.fields.iter().nth(1) {
        let message = format!("`{name}` supervises one type, found {}", item.fields.len());
        diags.error(&second.ty, "OTP0902", message).help(
            "keep one type; a `#[dynamic_supervisor]` without one takes children of every type",
        );
    }
    for field in &item.fields {
        attributes(field, owner, diags);
    }
    item.fields.iter().next().map(|field| match &field.ty {
        // `Worker +`, half-typed: in an expression the plus needs parentheses around it.
        Type::TraitObject(ty) => syn::parse_quote!((#ty)),
        ty => ty.clone(),
    })
}

/// Reports attributes on the type, which would have no effect.
fn attributes(field: &Field, owner: &str, diags: &mut Diags) {
    for attr in field.attrs.iter().filter(|attr| !attr.path().is_ident("doc")) {
        let message = format!("an attribute has no effect on the type under `#[{owner}]`");
        diags.error(attr, "OTP0907", message).help("remove it, or put it above the struct");
    }
}
