//! What only the type checker can see, asserted with the user's spans.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::angles;
use super::check::fresh;
use super::expand::about;
use super::model::{Arg, Callback, Field, Kind, Server};
use super::types::located;

const ALIAS: &str = "this handler returns `Reply<_>` through a type alias\n\n\
     help: write `Reply<T>` in the \
     signature so that `#[gen_server]` can name `T`\nnote: OTP0712";

/// Never-called functions whose signatures and calls hold only when the server is sound; generic
/// servers have generic ones.
pub(super) fn expand(server: &Server) -> TokenStream {
    let cfg = &server.cfg;
    let bounds = bounds(server);
    let aliases = server.handlers.iter().map(|it| alias(server, &it.kind, &it.callback.cfg));
    let futures = futures(server);
    quote! {
        #cfg
        #[allow(clippy::all, clippy::pedantic, deprecated, unused)]
        const _: () = {
            #bounds
            #(#aliases)*
            #futures
        };
    }
}

/// One parameter per type; a type that occurs often is checked where it occurs first.
///
/// The compiler checks signatures before bodies and in their order, so these errors come first.
fn bounds(server: &Server) -> TokenStream {
    let otp = &server.otp;
    let inits = server.inits.iter().filter(|init| init.is_sound);
    let inits = inits.map(|init| (&init.callback.cfg, init.fields.as_slice(), None));
    let handlers = server.handlers.iter().map(|it| {
        let reply = match &it.kind {
            Kind::Call { reply, .. } | Kind::Deferred { reply } => Some(reply),
            Kind::Cast => None,
        };
        (&it.callback.cfg, it.fields.as_slice(), reply)
    });
    let mut seen = BTreeSet::new();
    let mut checks = bound("__State", &server.self_ty);
    for (cfg, fields, reply) in inits.chain(handlers) {
        let fields = fields.iter().map(|field| ("__Field", &field.ty));
        for (bound, ty) in fields.chain(reply.map(|ty| ("__Answer", ty))) {
            if seen.insert(format!("{cfg} {bound} {ty}")) {
                let check = self::bound(bound, ty);
                checks.extend(quote!(#cfg #check));
            }
        }
    }
    let parameters = angles(&server.generics.declared);
    let where_clause = &server.generics.where_clause;
    quote! {
        struct __Field<T: #otp::__private::MessageField>(::core::marker::PhantomData<T>);
        struct __Answer<T: #otp::__private::ReplyValue>(::core::marker::PhantomData<T>);
        struct __State<T: #otp::__private::ServerState>(::core::marker::PhantomData<T>);
        fn bounds #parameters(#checks) #where_clause {}
    }
}

/// A parameter whose type asks the wrapper's bound of `ty`, and says so at `ty`.
fn bound(wrapper: &str, ty: &TokenStream) -> TokenStream {
    let mut spans = ty.clone().into_iter().map(|token| about(token.span()));
    let first = spans.next().unwrap_or_else(Span::call_site);
    let wrapper = Ident::new(wrapper, first);
    let close = quote_spanned!(spans.last().unwrap_or(first)=> >);
    quote!(_: #wrapper<#ty #close,)
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
    let otp = &server.otp;
    let inits = server.inits.iter().filter(|it| it.is_sound);
    let inits = inits.map(|it| future(server, &it.callback, &it.fields, None));
    let handlers = server.handlers.iter().map(|it| {
        let given = match &it.kind {
            Kind::Deferred { reply } => Some(quote!(#otp::ReplyTo<#reply>)),
            _ => None,
        };
        future(server, &it.callback, &it.fields, given)
    });
    let infos = server.infos.iter().filter(|it| it.is_sound).map(|it| {
        let given = it.ty.clone().unwrap_or_else(|| quote!(#otp::Message));
        future(server, &it.callback, &[], Some(given))
    });
    let continues = server.continues.iter().filter(|it| it.is_sound);
    let continues = continues.map(|it| future(server, &it.callback, &[], Some(it.ty.clone())));
    let terminates = server.terminates.iter();
    let terminates = terminates.map(|it| future(server, it, &[], Some(quote!(&#otp::ExitReason))));
    inits.chain(handlers).chain(infos).chain(continues).chain(terminates).flatten().collect()
}

fn future(
    server: &Server,
    callback: &Callback,
    fields: &[Field],
    given: Option<TokenStream>,
) -> Option<TokenStream> {
    let Server { otp, self_ty, generics, .. } = server;
    let span = about(callback.is_async?);
    let (parameters, where_clause) = (angles(&generics.declared), &generics.where_clause);
    let (cfg, function) = (&callback.cfg, &callback.name);
    let local = |word: &str| fresh(word, fields.iter().map(|field| &field.name));
    let (state, context, other) = (local("server"), local("cx"), local("given"));
    let names: Vec<&Ident> = fields.iter().map(|field| &field.name).collect();
    let types = fields.iter().map(|field| &field.ty);
    let given = given.map(|ty| quote!(#other: #ty,));
    let is_method = callback.has_receiver.then_some(&state);
    let args = is_method.into_iter().chain(callback.args.iter().map(|arg| match arg {
        Arg::Context => &context,
        Arg::Field(name) => name,
        Arg::Caller | Arg::Given => &other,
    }));
    let mut function = function.clone();
    function.set_span(span);
    let call = quote_spanned!(span=> <#self_ty>::#function(#(#args),*));
    let path = located(otp, span);
    let send = quote_spanned!(span=> #path::__private::is_send(&#call));
    Some(quote! {
        #cfg
        const _: () = {
            fn check #parameters(
                #state: &mut #self_ty,
                #context: &mut #otp::Context<#self_ty>,
                #(#names: #types,)*
                #given
            ) #where_clause {
                #send;
            }
        };
    })
}
