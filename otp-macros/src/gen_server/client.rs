//! The client: a type with one method per call and cast.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::model::{Handler, Kind, Server, Stub};
use super::{angles, assertions};

const CALL_DOC: &str =
    "Calls the server; awaiting the result waits for its answer, 5 seconds by default.";
const CAST_DOC: &str = "Sends the request to the server and does not wait.";

/// The type, what every client can do, and the methods.
pub(super) fn expand(server: &Server) -> TokenStream {
    let mut output = declaration(server);
    output.extend(standard(server));
    output.extend(methods(server));
    output
}

/// The parameter for the server's type.
///
/// It is always the user's type. Without it, either `GenServer::Client` or `Deref::Target` would
/// show a private type as soon as the type and its `#[init]` differ in visibility.
fn parameter() -> Ident {
    format_ident!("__Server")
}

fn declaration(server: &Server) -> TokenStream {
    let Server { otp, cfg, self_ty, name, client, generics, .. } = server;
    let (declared, where_clause) = (&generics.declared, &generics.where_clause);
    let parameter = parameter();
    let doc = format!("A client of `{name}`: its calls and casts as methods.");
    let is_public = server.inits.iter().any(|init| init.vis.to_string() == "pub");
    let hidden = (!is_public).then(|| quote!(#[doc(hidden)]));
    let phantom = (!generics.types.is_empty()).then(|| {
        let types = &generics.types;
        quote!(, ::core::marker::PhantomData<fn() -> (#(#types,)*)>)
    });
    quote! {
        #cfg
        #[doc = #doc]
        #hidden
        #[allow(
            dead_code, non_camel_case_types, private_bounds, private_interfaces, unreachable_pub,
        )]
        pub struct #client<#(#declared,)* #parameter: #otp::GenServer = #self_ty>(
            #otp::ServerRef<#parameter>
            #phantom
        ) #where_clause;
    }
}

/// `Clone`, `Debug`, `Deref` and `From`, without bounds on the user's parameters.
fn standard(server: &Server) -> TokenStream {
    let Server { otp, cfg, client, generics, .. } = server;
    let where_clause = &generics.where_clause;
    let parameter = parameter();
    let declared = &generics.declared;
    let declared = quote!(<#(#declared,)* #parameter: #otp::GenServer>);
    let used = &generics.used;
    let ty = quote!(#client<#(#used,)* #parameter>);
    let phantom = (!generics.types.is_empty()).then(|| quote!(, ::core::marker::PhantomData));
    quote! {
        #cfg
        #[automatically_derived]
        impl #declared ::core::clone::Clone for #ty #where_clause {
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0) #phantom)
            }
        }
        #cfg
        #[automatically_derived]
        impl #declared ::core::fmt::Debug for #ty #where_clause {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }
        #cfg
        #[automatically_derived]
        impl #declared ::core::ops::Deref for #ty #where_clause {
            type Target = #otp::ServerRef<#parameter>;
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
        #cfg
        #[automatically_derived]
        impl #declared ::core::convert::From<#otp::ServerRef<#parameter>> for #ty #where_clause {
            fn from(server: #otp::ServerRef<#parameter>) -> Self {
                Self(server #phantom)
            }
        }
    }
}

fn methods(server: &Server) -> TokenStream {
    let Server { cfg, keyword, client, generics, .. } = server;
    let parameters = angles(&generics.declared);
    let used = angles(&generics.used);
    let where_clause = &generics.where_clause;
    let methods = server.handlers.iter().map(|handler| method(server, handler));
    let stubs = server.stubs.iter().map(|it| stub(server, it));
    quote! {
        #cfg
        #[allow(
            clippy::pedantic, clippy::should_implement_trait, clippy::double_must_use, dead_code,
            private_bounds, private_interfaces, unreachable_pub,
        )]
        #keyword #parameters #client #used #where_clause {
            #(#methods)*
            #(#stubs)*
        }
    }
}

fn method(server: &Server, handler: &Handler) -> TokenStream {
    let Server { otp, request, self_ty, .. } = server;
    let Handler { callback, passed, vis, variant, fields, kind } = handler;
    let (cfg, name, braces) = (&callback.cfg, &callback.name, handler.braces());
    let names = fields.iter().map(|field| &field.name);
    let types = fields.iter().map(|field| &field.ty);
    let parameters = quote!(&self #(, #names: #types)*);
    let message = quote!(#request::#variant #braces);
    let passed = passed.clone();
    let gap = passed.to_string().contains("doc").then(|| quote!(#[doc = ""]));
    match kind {
        Kind::Cast => quote! {
            #cfg
            #passed
            #gap
            #[doc = #CAST_DOC]
            #vis fn #name(#parameters) {
                #otp::__private::cast(&self.0, #message)
            }
        },
        Kind::Call { reply, .. } | Kind::Deferred { reply } => {
            let reply_to = handler.reply_to();
            let answer = assertions::answer(server, reply);
            quote! {
                #cfg
                #passed
                #gap
                #[doc = #CALL_DOC]
                #vis fn #name(#parameters) -> #otp::Call<#self_ty, #answer> {
                    #otp::__private::call::<_, #answer>(&self.0, |#reply_to| #message)
                }
            }
        }
    }
}

/// The method of a handler with a fault: other code may call it and has no error of its own.
fn stub(server: &Server, stub: &Stub) -> TokenStream {
    let Server { otp, self_ty, .. } = server;
    let Stub { cfg, vis, name, types, where_clause, .. } = stub;
    let mut generics = stub.generics.clone();
    let output = stub.is_call.then(|| match &stub.reply {
        Some(reply) => quote!(-> #otp::Call<#self_ty, #reply>),
        None => {
            generics.push(quote!(__Reply: ::core::marker::Send + 'static));
            quote!(-> #otp::Call<#self_ty, __Reply>)
        }
    });
    let generics = angles(&generics);
    quote! {
        #cfg
        #[doc(hidden)]
        #vis fn #name #generics(&self #(, _: #types)*) #output #where_clause {
            ::core::unreachable!()
        }
    }
}
