//! The request and the `GenServer` impl. Everything here is a total function of the model.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::angles;
use super::check::fresh;
use super::model::{Continue, Handler, Init, Kind, Registered, Server};
use super::types::located;
use super::{assertions, callbacks, client, start};
use crate::via::Via;

/// Everything that stands behind the user's block.
pub(crate) fn expand(server: &Server) -> TokenStream {
    let mut output = assertions::expand(server, &implementation(server));
    output.extend(request(server));
    output.extend(continuation(server));
    output.extend(info_markers(server));
    output.extend(start::expand(server));
    output.extend(client::expand(server));
    output
}

/// A span for generated tokens that are about the user's token at `span`.
///
/// All tokens of one expression must have it: the compiler joins the spans of the first and the
/// last one, and falls back to the whole attribute when they were not made by the same expansion.
pub(crate) fn about(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

impl Handler {
    /// The name of the request's field for the caller; no argument has it.
    pub(crate) fn reply_to(&self) -> Ident {
        fresh("reply_to", self.fields.iter().map(|field| &field.name))
    }

    /// `{ key, reply_to }`: the fields of the request, as pattern and as expression.
    pub(crate) fn braces(&self) -> TokenStream {
        let names = self.fields.iter().map(|field| &field.name);
        let reply_to = match self.kind {
            Kind::Cast => None,
            _ => Some(self.reply_to()),
        };
        let all = names.cloned().chain(reply_to);
        quote!({ #(#all),* })
    }
}

fn request(server: &Server) -> TokenStream {
    let Server { otp, cfg, generics, .. } = server;
    let request = server.declared(&server.request);
    let parameters = angles(&generics.declared);
    let where_clause = &generics.where_clause;
    let variants = server.handlers.iter().map(|handler| variant(server, handler));
    let phantom = (!generics.types.is_empty()).then(|| {
        let types = &generics.types;
        quote! {
            #[doc(hidden)]
            __Phantom(#otp::Never, ::core::marker::PhantomData<fn() -> (#(#types,)*)>),
        }
    });
    quote! {
        #cfg
        #[doc(hidden)]
        #[allow(
            dead_code, deprecated, missing_debug_implementations, missing_docs,
            non_camel_case_types, private_bounds, private_interfaces, unreachable_pub,
        )]
        pub enum #request #parameters #where_clause {
            #(#variants,)*
            #phantom
        }
    }
}

fn variant(server: &Server, handler: &Handler) -> TokenStream {
    let otp = &server.otp;
    let Handler { variant, callback, fields, kind, .. } = handler;
    let cfg = &callback.cfg;
    let names = fields.iter().map(|field| &field.name);
    // Of an unknown name of one letter the compiler thinks here as it does between brackets.
    let types = fields.iter().map(|field| server.inside(&field.ty));
    let reply_to = match kind {
        Kind::Call { reply, .. } | Kind::Deferred { reply } => {
            let name = handler.reply_to();
            Some(quote!(#name: #otp::ReplyTo<#reply>,))
        }
        Kind::Cast => None,
    };
    quote!(#cfg #variant { #(#names: #types,)* #reply_to })
}

fn implementation(server: &Server) -> TokenStream {
    let Server { otp, cfg, keyword, self_ty, request, client, generics, .. } = server;
    let parameters = angles(&generics.declared);
    let used = angles(&generics.used);
    let where_clause = assertions::where_clause(server);
    let continuation = continuation_type(server);
    let sound = assertions::condition(server);
    let options = server.options.tokens(otp);
    let name = name(server);
    let is_call = callbacks::is_call(server);
    let init = callbacks::init(server);
    let handle = callbacks::handle(server);
    let handle_info = callbacks::handle_info(server);
    let handle_continue = callbacks::handle_continue(server);
    let hibernate = callbacks::hibernate(server);
    let terminate = callbacks::terminate(server);
    let format_status = callbacks::format_status(server);
    quote! {
        #cfg
        #[automatically_derived]
        #[allow(deprecated, private_interfaces, unreachable_code, unused)]
        #keyword #parameters #otp::GenServer for #self_ty #where_clause {
            type Request = #request #used #sound;
            #continuation
            type Client = #client #used #sound;
            const OPTIONS: #otp::ServerOptions = #options;
            #name
            #is_call
            #init
            #handle
            #handle_info
            #handle_continue
            #hibernate
            #terminate
            #format_status
        }
    }
}

/// The step type of one `#[handle_continue]` function, as the trait sees it.
fn step_type(server: &Server, step: &Continue) -> TokenStream {
    let wrapper = server.wrapper();
    let used = angles(&server.generics.used);
    if step.is_unit() { quote!(()) } else { quote!(#wrapper #used) }
}

/// `type Continue`, once for each `cfg` under which there is a function for it.
fn continuation_type(server: &Server) -> TokenStream {
    let otp = &server.otp;
    let sound = assertions::condition(server);
    let mut output = TokenStream::new();
    for step in &server.continues {
        let (cfg, ty) = (&step.callback.cfg, step_type(server, step));
        output.extend(quote!(#cfg type Continue = #ty #sound;));
    }
    let all: Vec<TokenStream> =
        server.continues.iter().map(|step| condition(&step.callback.cfg)).collect();
    match all.as_slice() {
        [] => output.extend(quote!(type Continue = #otp::Never;)),
        all if all.iter().all(|condition| !condition.is_empty()) => {
            output.extend(quote!(#[cfg(not(any(#(#all),*)))] type Continue = #otp::Never;));
        }
        _ => {}
    }
    output
}

/// The wrapper of a step.
///
/// A step is often a private type, which cannot be the associated type of a public server.
fn continuation(server: &Server) -> TokenStream {
    let Server { cfg, keyword, generics, .. } = server;
    let (parameters, used) = (angles(&generics.declared), angles(&generics.used));
    let where_clause = &generics.where_clause;
    let wrapper = server.wrapper();
    let types = &generics.types;
    let phantom = quote!(::core::marker::PhantomData);
    let (phantom_type, phantom) = match types.is_empty() {
        true => (None, None),
        false => (Some(quote!(, #phantom<fn() -> (#(#types,)*)>)), Some(quote!(, #phantom))),
    };
    let declared = server.declared(&wrapper);
    let steps = server.continues.iter().filter(|step| !step.is_unit());
    let one = steps.map(|step| {
        let (inner, ty) = (&step.callback.cfg, server.inside(&step.ty));
        quote! {
            #cfg
            #inner
            #[doc(hidden)]
            #[allow(
                missing_debug_implementations, missing_docs, non_camel_case_types, private_bounds,
                private_interfaces, unreachable_pub,
            )]
            pub struct #declared #parameters (#ty #phantom_type) #where_clause;
            #cfg
            #inner
            #[automatically_derived]
            #keyword #parameters ::core::convert::From<#ty> for #wrapper #used #where_clause {
                fn from(step: #ty) -> Self {
                    Self(step #phantom)
                }
            }
        }
    });
    one.collect()
}

/// `all(a, b)` for `#[cfg(a)] #[cfg(b)]`; nothing for nothing.
fn condition(cfg: &TokenStream) -> TokenStream {
    use syn::parse::Parser;
    let attrs = syn::Attribute::parse_outer.parse2(cfg.clone()).unwrap_or_default();
    let inner: Vec<TokenStream> =
        attrs.iter().filter_map(|attr| attr.parse_args::<TokenStream>().ok()).collect();
    match inner.is_empty() {
        true => TokenStream::new(),
        false => quote!(all(#(#inner),*)),
    }
}

/// The name as an expression; also what `client()` resolves.
pub(crate) fn registered(server: &Server) -> Option<TokenStream> {
    let name = server.options.name.as_ref()?;
    Some(name.tokens(&server.otp))
}

fn name(server: &Server) -> Option<TokenStream> {
    let otp = &server.otp;
    let name = registered(server)?;
    if let Some(Registered::Via(via)) = &server.options.name {
        return Some(via_name(server, via));
    }
    let header = quote!(name(_: &Self::Args) -> ::core::option::Option<#otp::Name>);
    Some(assertions::function(server, &header, quote!(::core::option::Option::Some(#name))))
}

/// `name` of a server that is named by what its `#[init]` is given.
fn via_name(server: &Server, via: &Via) -> TokenStream {
    let otp = &server.otp;
    let name = via.tokens(otp);
    let one = |init: &Init| {
        let cfg = &init.callback.cfg;
        let (mut patterns, mut used) = (Vec::new(), Vec::new());
        for field in &init.fields {
            let is_used = via.mentions(&field.name);
            let pattern = &field.name;
            patterns.push(if is_used { quote!(#pattern) } else { quote!(_) });
            used.extend(is_used.then_some(pattern));
        }
        let header = quote! {
            name((#(#patterns,)*): &Self::Args) -> ::core::option::Option<#otp::Name>
        };
        let body = quote! {
            #(let #used = ::core::clone::Clone::clone(#used);)*
            ::core::option::Option::Some(#name)
        };
        let function = assertions::function(server, &header, body);
        quote!(#cfg #function)
    };
    server.inits.iter().filter(|init| init.is_sound).map(one).collect()
}

fn info_markers(server: &Server) -> TokenStream {
    let Server { otp, cfg, self_ty, generics, .. } = server;
    let parameters = angles(&generics.declared);
    let where_clause = &generics.where_clause;
    let typed = server.infos.iter().filter_map(|info| {
        let (inner, ty) = (&info.callback.cfg, info.ty.as_ref()?);
        // A second handler for the same type is a second impl: the compiler points at its header.
        let span = ty.clone().into_iter().next()?.span();
        let (otp, self_ty, ty) = (located(otp, span), located(self_ty, span), server.inside(ty));
        Some(quote_spanned! {about(span)=>
            #cfg
            #inner
            #[automatically_derived]
            impl #parameters #otp::HandleInfo<#ty> for #self_ty #where_clause {}
        })
    });
    typed.collect()
}
