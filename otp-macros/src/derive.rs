//! `#[derive(GenServer)]`: a server whose state is its only start argument.
//!
//! Such a server has no handlers, so that nothing but the options can be wrong.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Attribute, Field, Fields, GenericParam, Generics, Ident, Item, Meta, Type, Visibility};

use crate::diag::Diags;
use crate::gen_server::model::Settings;
use crate::gen_server::types::is_bound_to_a_thread;
use crate::gen_server::{borrowed, settings};
use crate::options::split_commas;
use crate::sig::inside;

/// The type under the derive, as far as it matters.
struct Server<'a> {
    vis: &'a Visibility,
    name: &'a Ident,
    generics: &'a Generics,
    settings: Settings,
    /// The types of its parts that cannot move between threads.
    guilty: Vec<&'a Type>,
}

/// The derive: what is generated for the item, and the errors.
pub(crate) fn gen_server(item: TokenStream) -> TokenStream {
    let mut diags = Diags::new();
    let item = match syn::parse2::<Item>(item) {
        Ok(item) => item,
        Err(error) => {
            let message = format!("this type cannot be read: {error}");
            diags.error_at(error.span(), "OTP0105", message);
            return diags.finish(TokenStream::new());
        }
    };
    let output = match server(&item, &mut diags) {
        Some(server) => expand(&server),
        None => TokenStream::new(),
    };
    diags.finish(output)
}

/// Checks the item; `None` when there is nothing to hang the generated code on.
fn server<'a>(item: &'a Item, diags: &mut Diags) -> Option<Server<'a>> {
    let mut fields: Vec<&Field> = Vec::new();
    let (attrs, vis, name, generics) = match item {
        Item::Struct(it) => {
            on_fields(&it.fields, "struct", diags);
            fields.extend(&it.fields);
            (&it.attrs, &it.vis, &it.ident, &it.generics)
        }
        Item::Enum(it) => {
            for variant in &it.variants {
                misplaced(&variant.attrs, "enum", "a variant", diags);
                on_fields(&variant.fields, "enum", diags);
                fields.extend(&variant.fields);
            }
            (&it.attrs, &it.vis, &it.ident, &it.generics)
        }
        other => {
            let found = match other {
                Item::Union(it) => it.ident.to_token_stream(),
                other => other.to_token_stream(),
            };
            let message = "`#[derive(GenServer)]` needs a struct or an enum";
            diags.error(found, "OTP0111", message).help("make it a `struct`");
            return None;
        }
    };
    let settings = settings::derived(options(attrs, diags), diags);
    let lifetime = generics.params.iter().find_map(|param| match param {
        GenericParam::Lifetime(param) => Some(&param.lifetime),
        _ => None,
    });
    if let Some(lifetime) = lifetime {
        borrowed(lifetime, diags);
        return None;
    }
    let guilty = fields.into_iter().map(|field| &field.ty).filter(|ty| is_bound_to_a_thread(ty));
    Some(Server { vis, name, generics, settings, guilty: guilty.collect() })
}

fn is_own(attr: &&Attribute) -> bool {
    attr.path().is_ident("server")
}

/// The options of all `#[server(..)]` of the item, cut at their commas.
fn options(attrs: &[Attribute], diags: &mut Diags) -> Vec<TokenStream> {
    let mut pieces = Vec::new();
    for attr in attrs.iter().filter(is_own) {
        match &attr.meta {
            Meta::List(list) => pieces.extend(split_commas(list.tokens.clone())),
            meta => settings::no_list(meta, diags),
        }
    }
    pieces
}

fn on_fields(fields: &Fields, kind: &str, diags: &mut Diags) {
    for field in fields {
        misplaced(&field.attrs, kind, "a field", diags);
    }
}

/// Reports options that stand on a part of the type.
fn misplaced(attrs: &[Attribute], kind: &str, found: &str, diags: &mut Diags) {
    for attr in attrs.iter().filter(is_own) {
        let message = format!("`#[server]` belongs on the {kind}, not on {found}");
        let help = format!("write it below `#[derive(GenServer)]`, above the {kind}");
        diags.error(inside(attr), "OTP0116", message).help(help);
    }
}

fn expand(server: &Server<'_>) -> TokenStream {
    let mut output = implementation(server);
    output.extend(functions(server));
    output
}

/// The where clause; a generic type is a server for those parameters with which it may be one.
fn where_clause(server: &Server<'_>) -> TokenStream {
    let Server { name, generics, .. } = server;
    let (_, used, written) = generics.split_for_impl();
    if generics.type_params().next().is_none() {
        return concrete(server);
    }
    let predicates = written.map(|clause| clause.predicates.iter()).into_iter().flatten();
    quote! {
        where
            #(#predicates,)*
            #name #used: ::core::marker::Send + 'static
    }
}

/// The where clause without type parameters. A part that cannot move is asked about here, where the
/// compiler reports it once and is silent about what follows.
fn concrete(server: &Server<'_>) -> TokenStream {
    let Server { generics, guilty, settings, .. } = server;
    if guilty.is_empty() {
        return generics.where_clause.to_token_stream();
    }
    let otp = settings.otp();
    let checks = guilty.iter().map(|ty| {
        let check = Ident::new("state", ty.span().resolved_at(Span::call_site()));
        quote!(#otp::__private::#check::<#ty>();)
    });
    quote!(where [(); { #(#checks)* 0 }]: ::core::marker::Sized)
}

fn implementation(server: &Server<'_>) -> TokenStream {
    let Server { name, generics, settings, .. } = server;
    let otp = settings.otp();
    let (declared, used, _) = generics.split_for_impl();
    let where_clause = where_clause(server);
    let options = settings.tokens(&otp);
    let registered = settings.name.as_ref().map(|name| {
        let name = name.tokens(&otp);
        quote! {
            fn name(_: &Self::Args) -> ::core::option::Option<#otp::Name> {
                ::core::option::Option::Some(#name)
            }
        }
    });
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #declared #otp::GenServer for #name #used #where_clause {
            type Args = (Self,);
            type Request = #otp::Never;
            type Continue = #otp::Never;
            type Client = #otp::ServerRef<Self>;
            const OPTIONS: #otp::ServerOptions = #options;
            #registered
            async fn init(
                (state,): Self::Args,
                _: &mut #otp::Context<Self>,
            ) -> #otp::InitResult<Self> {
                #otp::InitResult::ok(state)
            }
            async fn handle(
                &mut self,
                request: Self::Request,
                _: &mut #otp::Context<Self>,
            ) -> #otp::Next<Self> {
                match request {}
            }
        }
    }
}

/// The functions that start the server and find it.
fn functions(server: &Server<'_>) -> TokenStream {
    let Server { vis, name, generics, settings, .. } = server;
    let otp = settings.otp();
    let (declared, used, _) = generics.split_for_impl();
    let where_clause = where_clause(server);
    let linked = format!("Starts a `{name}` with this state, linked to the calling process.");
    let alone = format!("Starts a `{name}` with this state, without a link to the caller.");
    let child = format!("The child specification of a `{name}`, for a supervisor.");
    let named = format!("The `{name}` that is registered under this name.");
    let client = settings.name.as_ref().map(|registered| {
        let registered = registered.tokens(&otp);
        let doc = format!("The registered `{name}`, whichever process it is.");
        quote! {
            #[doc = #doc]
            #vis fn client() -> #otp::ServerRef<Self> {
                #otp::__private::client_of::<Self>(#registered)
            }
        }
    });
    quote! {
        #[allow(
            clippy::pedantic, dead_code, deprecated, private_bounds, private_interfaces,
            unreachable_pub,
        )]
        impl #declared #name #used #where_clause {
            #[doc = #linked]
            #vis fn start_link(state: Self) -> #otp::Start<Self> {
                #otp::__private::start_link::<Self>((state,))
            }
            #[doc = #alone]
            #vis fn start(state: Self) -> #otp::Start<Self> {
                #otp::__private::start::<Self>((state,))
            }
            #[doc = #child]
            #vis fn child_spec(state: Self) -> #otp::ChildSpec<Self> {
                #otp::__private::child_spec::<Self>((state,))
            }
            #client
            #[doc = #named]
            #vis fn named(name: impl ::core::convert::Into<#otp::Name>) -> #otp::ServerRef<Self> {
                #otp::__private::client_of::<Self>(name)
            }
        }
    }
}
