//! What only the type checker can see, asserted with the user's spans.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::angles;
use super::expand::about;
use super::model::{Arg, Callback, Field, Kind, Server};

const ALIAS: &str = "this handler returns `Reply<_>` through a type alias\n\nhelp: write `Reply<T>` in the \
     signature so that `#[gen_server]` can name `T`\nnote: OTP0712";

/// One never-called function per fact; generic servers have generic functions.
pub(super) fn expand(server: &Server) -> TokenStream {
    let cfg = &server.cfg;
    let state = state(server);
    let fields = fields(server);
    let replies = server.handlers.iter().map(|handler| {
        let reply = match &handler.kind {
            Kind::Call { reply, .. } | Kind::Deferred { reply } => reply,
            Kind::Cast => return TokenStream::new(),
        };
        let check = check(server, &format_ident!("reply"), reply, &handler.callback.cfg);
        let alias = alias(server, &handler.kind, &handler.callback.cfg);
        quote!(#check #alias)
    });
    let futures = futures(server);
    quote! {
        #cfg
        #[allow(clippy::all, clippy::pedantic, deprecated, unused)]
        const _: () = {
            #state
            #fields
            #(#replies)*
            #futures
        };
    }
}

fn state(server: &Server) -> TokenStream {
    check(server, &format_ident!("state"), &server.self_ty, &TokenStream::new())
}

fn fields(server: &Server) -> TokenStream {
    let inits = server.inits.iter().filter(|init| init.is_sound);
    let inits = inits.map(|init| (&init.callback.cfg, &init.fields));
    let handlers = server.handlers.iter().map(|it| (&it.callback.cfg, &it.fields));
    let mut output = TokenStream::new();
    for (cfg, fields) in inits.chain(handlers) {
        for field in fields {
            output.extend(check(server, &format_ident!("message_field"), &field.ty, cfg));
        }
    }
    output
}

/// `const _: () = { fn check() { helper::<ty>(); } };`, generic as the server is.
fn check(server: &Server, helper: &Ident, ty: &TokenStream, cfg: &TokenStream) -> TokenStream {
    let otp = &server.otp;
    let parameters = angles(&server.generics.declared);
    let where_clause = &server.generics.where_clause;
    quote! {
        #cfg
        const _: () = {
            fn check #parameters() #where_clause {
                #otp::__private::#helper::<#ty>();
            }
        };
    }
}

/// An alias of `Reply` is found by a constant that only `Reply` has.
fn alias(server: &Server, kind: &Kind, cfg: &TokenStream) -> Option<TokenStream> {
    let otp = &server.otp;
    let Kind::Call { alias: Some(ty), .. } = kind else { return None };
    if !server.generics.types.is_empty() {
        return None;
    }
    let span = ty.clone().into_iter().next().map_or_else(Span::call_site, |it| it.span());
    let assertion = quote_spanned! {about(span)=>
        ::core::assert!(!#otp::__private::IsReply::<#ty>::VALUE, #ALIAS)
    };
    Some(quote! {
        #cfg
        const _: () = {
            use #otp::__private::NotReply as _;
            #assertion
        };
    })
}

/// For each async function: its future may move between threads.
fn futures(server: &Server) -> TokenStream {
    let handlers = server.handlers.iter().map(|it| (&it.callback, it.fields.as_slice(), &it.kind));
    let mut output = TokenStream::new();
    for (callback, fields, kind) in handlers {
        let caller = match kind {
            Kind::Deferred { reply } => Some(reply),
            _ => None,
        };
        output.extend(future(server, callback, fields, caller));
    }
    output
}

fn future(
    server: &Server,
    callback: &Callback,
    fields: &[Field],
    caller: Option<&TokenStream>,
) -> Option<TokenStream> {
    let Server { otp, self_ty, generics, .. } = server;
    let span = about(callback.is_async?);
    let parameters = angles(&generics.declared);
    let where_clause = &generics.where_clause;
    let (cfg, function) = (&callback.cfg, &callback.name);
    let local = |word: &str| Ident::new(word, Span::mixed_site());
    let (state, context, reply_to) = (local("server"), local("cx"), local("reply_to"));
    let names: Vec<&Ident> = fields.iter().map(|field| &field.name).collect();
    let types = fields.iter().map(|field| &field.ty);
    let caller = caller.map(|reply| quote!(#reply_to: #otp::ReplyTo<#reply>,));
    let args = callback.args.iter().map(|arg| match arg {
        Arg::Context => &context,
        Arg::Field(name) => name,
        Arg::Caller | Arg::Given => &reply_to,
    });
    let call = quote_spanned!(span=> <#self_ty>::#function(#state, #(#args),*));
    let send = quote_spanned!(span=> is_send(#call));
    Some(quote! {
        #cfg
        const _: () = {
            fn is_send<T: ::core::marker::Send>(_: T) {}
            fn check #parameters(
                #state: &mut #self_ty,
                #context: &mut #otp::Context<#self_ty>,
                #(#names: #types,)*
                #caller
            ) #where_clause {
                #send
            }
        };
    })
}
