//! What only the type checker can see, asserted with the user's spans.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::angles;
use super::check::fresh;
use super::expand::about;
use super::model::{Arg, Callback, Field, Kind, Server};
use super::types::{is_bound_to_a_thread, located};

const ALIAS: &str = "this handler returns `Reply<_>` through a type alias\n\n\
     help: write `Reply<T>` in the \
     signature so that `#[gen_server]` can name `T`\nnote: OTP0712";

/// The `GenServer` impl, in a block with what must hold for it.
///
/// All checks of a server without type parameters are the body of one constant, which its callbacks
/// name in a `where` clause: when a check fails, the compiler reports it at the user's type and
/// takes the constant for broken, and no longer reports what only follows from it. A constant
/// cannot name type parameters, so generic servers have functions that are never called instead.
pub(super) fn expand(server: &Server, implementation: &TokenStream) -> TokenStream {
    let cfg = &server.cfg;
    let checks = match server.is_concrete() {
        true => constant(server),
        false => functions(server),
    };
    let aliases = server.handlers.iter().map(|it| alias(server, &it.kind, &it.callback.cfg));
    quote! {
        #cfg
        #[allow(clippy::all, clippy::pedantic, deprecated, unused)]
        const _: () = {
            #checks
            #(#aliases)*
            #implementation
        };
    }
}

/// A callback of the trait, which names the constant of the checks.
///
/// Its ends stand at the server's type, as the compiler underlines it from end to end: a state that
/// cannot move is reported there once, and not again for every callback.
pub(super) fn callback(server: &Server, header: &TokenStream, body: TokenStream) -> TokenStream {
    let span = first_span(&server.self_ty);
    let start = quote_spanned!(span=> async);
    let condition = quote_spanned!(span=> where [(); __SOUND]: ::core::marker::Sized);
    let condition = server.is_concrete().then_some(condition);
    let mut braces = Group::new(Delimiter::Brace, body);
    braces.set_span(span);
    quote!(#start #header #condition #braces)
}

fn first_span(ty: &TokenStream) -> Span {
    ty.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span())
}

/// The `where` clause of the whole impl.
///
/// A type that is bound to a thread whatever else is true is asked about here, where a failure
/// silences everything that follows from it. To ask for others here would be a cycle: whether a
/// client can move depends on this impl.
pub(super) fn where_clause(server: &Server) -> TokenStream {
    let checks = bound_to_a_thread(server);
    if checks.is_empty() {
        return server.generics.where_clause.clone();
    }
    quote!(where [(); { #checks 0 }]: ::core::marker::Sized)
}

/// The type of an answer on the client: no type at all when it cannot be one, so that nothing that
/// is done with it is an error of its own.
pub(super) fn answer(server: &Server, reply: &TokenStream) -> TokenStream {
    if !server.is_concrete() || !is_guilty(reply) {
        return reply.clone();
    }
    let otp = &server.otp;
    let check = call(otp, Check::Answer.function(), reply);
    quote!(<[(); { #check 0 }] as #otp::__private::Sound<#reply>>::Type)
}

fn is_guilty(ty: &TokenStream) -> bool {
    syn::parse2(ty.clone()).is_ok_and(|ty| is_bound_to_a_thread(&ty))
}

/// The checks that will most probably fail.
fn bound_to_a_thread(server: &Server) -> TokenStream {
    if !server.is_concrete() {
        return TokenStream::new();
    }
    let types = travelling(server).into_iter().filter(|(.., ty)| is_guilty(ty));
    types
        .map(|(cfg, check, ty)| {
            let call = call(&server.otp, check.function(), ty);
            quote!(#cfg #call)
        })
        .collect()
}

/// The checks as one constant, and what makes the compiler look at it first.
fn constant(server: &Server) -> TokenStream {
    let otp = &server.otp;
    let state = call(otp, "state", &server.self_ty);
    let guilty = bound_to_a_thread(server);
    let types = travelling(server).into_iter().filter(|(.., ty)| !is_guilty(ty));
    let types = types.map(|(cfg, check, ty)| {
        let call = call(otp, check.function(), ty);
        quote!(#cfg #call)
    });
    let futures = futures(server);
    // What follows from a guilty type is not reported beside it.
    let rest = match guilty.is_empty() {
        true => quote!(#state #(#types)* #futures),
        false => guilty,
    };
    quote! {
        fn first() where [(); __SOUND]: ::core::marker::Sized {}
        const __SOUND: usize = {
            #rest
            0
        };
    }
}

/// The checks as functions with the server's type parameters.
fn functions(server: &Server) -> TokenStream {
    let otp = &server.otp;
    let mut checks = bound("__State", &server.self_ty);
    for (cfg, check, ty) in travelling(server) {
        let check = bound(check.wrapper(), ty);
        checks.extend(quote!(#cfg #check));
    }
    let parameters = angles(&server.generics.declared);
    let where_clause = &server.generics.where_clause;
    let futures = futures(server);
    // The compiler checks signatures before bodies, so the errors of these come first.
    quote! {
        struct __Field<T: #otp::marker::MessageField>(::core::marker::PhantomData<T>);
        struct __Answer<T: #otp::marker::ReplyValue>(::core::marker::PhantomData<T>);
        struct __State<T: #otp::marker::ServerState>(::core::marker::PhantomData<T>);
        fn bounds #parameters(#checks) #where_clause {}
        fn futures #parameters() #where_clause {
            #futures
        }
    }
}

/// What is asked of a type that travels.
#[derive(Clone, Copy)]
enum Check {
    /// It is an argument.
    Field,
    /// It is an answer.
    Answer,
}

impl Check {
    fn wrapper(self) -> &'static str {
        match self {
            Check::Field => "__Field",
            Check::Answer => "__Answer",
        }
    }

    fn function(self) -> &'static str {
        match self {
            Check::Field => "field",
            Check::Answer => "answer_value",
        }
    }
}

/// `otp::__private::field::<Ty>();`, about the type's place.
fn call(otp: &TokenStream, check: &str, ty: &TokenStream) -> TokenStream {
    let check = Ident::new(check, about(first_span(ty)));
    quote!(#otp::__private::#check::<#ty>();)
}

/// The types that must be able to travel, each where it occurs first: its `cfg`, the name of the
/// check, and the type.
fn travelling(server: &Server) -> Vec<(&TokenStream, Check, &TokenStream)> {
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
    let mut all = Vec::new();
    for (cfg, fields, reply) in inits.chain(handlers) {
        let fields = fields.iter().map(|field| (Check::Field, &field.ty));
        for (check, ty) in fields.chain(reply.map(|ty| (Check::Answer, ty))) {
            if seen.insert(format!("{cfg} {} {ty}", check.wrapper())) {
                all.push((cfg, check, ty));
            }
        }
    }
    all
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
    let span = first_span(ty);
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

/// For each async function a closure that is never called: its future may move between threads.
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
    let Server { otp, self_ty, .. } = server;
    let span = about(callback.is_async?);
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
        let _ = |
            #state: &mut #self_ty,
            #context: &mut #otp::Context<#self_ty>,
            #(#names: #types,)*
            #given
        | {
            #send;
        };
    })
}
