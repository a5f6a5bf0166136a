//! What only the type checker can see, asserted with the user's spans.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

use super::angles;
use super::expand::about;
use super::model::{Kind, Server};
use super::types::{is_bound_to_a_thread, is_harmless, located};

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

/// A function of the trait: `header` is what stands between `fn` and the body.
///
/// Its ends stand at the server's type, as the compiler underlines it from end to end: a state that
/// cannot move is reported there once, in the same words for the impl and for every function of it.
pub(super) fn function(server: &Server, header: &TokenStream, body: TokenStream) -> TokenStream {
    let (first, span) = (first_span(&server.self_ty), last_span(&server.self_ty));
    let start = quote_spanned!(first=> fn);
    let end = condition(server)
        .unwrap_or_else(|| quote_spanned!(span=> where Self: ::core::marker::Sized));
    let mut braces = Group::new(Delimiter::Brace, body);
    braces.set_span(span);
    quote!(#start #header #end #braces)
}

/// A callback of the trait: `header` is its name and parameters, `output` what its future gives.
pub(super) fn callback(
    server: &Server,
    header: &TokenStream,
    output: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    let moves = moves(server);
    let future = quote!(impl ::core::future::Future<Output = #output> + ::core::marker::Send);
    let body = quote!(#moves::callback(async move { #body }));
    function(server, &quote!(#header -> #future), body)
}

/// What asks futures whether they may move between threads.
pub(super) fn moves(server: &Server) -> TokenStream {
    let otp = &server.otp;
    match server.is_concrete() {
        true => quote!(#otp::__private::Moves::<{ __Checks::MOVES }>),
        false => quote!(#otp::__private::Moves::<true>),
    }
}

/// What names the constant of the checks, for what is not asked about when they have failed.
pub(super) fn condition(server: &Server) -> Option<TokenStream> {
    let span = last_span(&server.self_ty);
    let condition = quote_spanned!(span=> where [(); __Checks::SOUND]: ::core::marker::Sized);
    server.is_concrete().then_some(condition)
}

fn last_span(ty: &TokenStream) -> Span {
    ty.clone().into_iter().last().map_or_else(Span::call_site, |token| token.span())
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
            let call = call(&server.otp, check.function(), &ty);
            quote!(#cfg #call)
        })
        .collect()
}

/// The checks as one constant, and what makes the compiler look at it first.
fn constant(server: &Server) -> TokenStream {
    let Server { otp, self_ty, keyword, .. } = server;
    let guilty = bound_to_a_thread(server);
    let types = travelling(server).into_iter().filter(|(.., ty)| !is_guilty(ty));
    let types = types.map(|(cfg, check, ty)| {
        let call = call(otp, check.function(), &ty);
        quote!(#cfg #call)
    });
    // What follows from a guilty type is not reported beside it.
    let rest = match guilty.is_empty() {
        true => quote!(#(#types)*),
        false => guilty,
    };
    quote! {
        fn first() where [(); __Checks::SOUND]: ::core::marker::Sized {}
        struct __Checks;
        #keyword __Checks {
            const MOVES: bool = {
                use #otp::__private::CannotMove as _;
                #otp::__private::State::<#self_ty>::MOVES
            };
            const SOUND: usize = {
                #rest
                0
            };
        }
    }
}

/// Takes for granted in all generated blocks of a generic server what the checks will most probably
/// refuse, so that nothing follows from it.
pub(super) fn assume(server: &mut Server) {
    server.generics.asking_where = server.generics.where_clause.clone();
    if server.is_concrete() {
        return;
    }
    let travelling = travelling(server).into_iter().map(|(.., ty)| ty);
    let guilty: Vec<TokenStream> = travelling.filter(is_guilty).collect();
    if guilty.is_empty() {
        return;
    }
    let written = &server.generics.where_clause;
    let begin = if written.is_empty() { quote!(where) } else { end_with_comma(written) };
    server.generics.where_clause = quote!(#begin #(#guilty: ::core::marker::Send + 'static,)*);
}

fn end_with_comma(clause: &TokenStream) -> TokenStream {
    let last = clause.clone().into_iter().last();
    let ends = matches!(last, Some(TokenTree::Punct(it)) if it.as_char() == ',');
    if ends { clause.clone() } else { quote!(#clause,) }
}

/// The checks as functions with the server's type parameters.
fn functions(server: &Server) -> TokenStream {
    let Server { otp, generics, .. } = server;
    let checks = travelling(server).into_iter().map(|(cfg, check, ty)| {
        let check = bound(otp, check.wrapper(), &ty);
        quote!(#cfg #check)
    });
    // They are asked as the user has written them; what is generated takes the answer for granted.
    let doubtful: Vec<TokenStream> = generics
        .doubtful
        .iter()
        .map(|name| bound(otp, "ParameterType", &name.to_token_stream()))
        .collect();
    let (parameters, written) = (angles(&generics.declared), &generics.written_where);
    let doubtful = (!doubtful.is_empty())
        .then(|| quote!(fn parameters #parameters(#(#doubtful)*) #written {}));
    let where_clause = &generics.asking_where;
    // The compiler checks signatures before bodies, so the errors of these come first.
    quote! {
        #doubtful
        fn bounds #parameters(#(#checks)*) #where_clause {}
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
            Check::Field => "FieldType",
            Check::Answer => "AnswerType",
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
/// check, and the type as it stands between angle brackets.
fn travelling(server: &Server) -> Vec<(&TokenStream, Check, TokenStream)> {
    let inits = server.inits.iter().filter(|init| init.is_sound);
    let inits = inits.map(|init| (&init.callback.cfg, init.fields.as_slice(), None));
    let handlers = server.handlers.iter().map(|it| {
        let reply = match &it.kind {
            Kind::Call { reply, .. } | Kind::Deferred { reply } => Some(reply),
            Kind::Cast => None,
        };
        (&it.callback.cfg, it.fields.as_slice(), reply)
    });
    let named = inits.chain(handlers).flat_map(|(cfg, fields, reply)| {
        let fields = fields.iter().map(move |it| (cfg, Check::Field, server.inside(&it.ty)));
        fields.chain(reply.map(|ty| (cfg, Check::Answer, ty.clone())))
    });
    let infos = server.infos.iter().filter_map(|it| Some((&it.callback.cfg, it.ty.as_ref()?)));
    let continues = server.continues.iter().map(|it| (&it.callback.cfg, &it.ty));
    let others = infos.chain(continues).map(|(cfg, ty)| (cfg, Check::Field, server.inside(ty)));
    let mut seen = BTreeSet::new();
    let mut is_new = |(cfg, check, ty): &(&TokenStream, Check, TokenStream)| {
        !is_harmless(ty) && seen.insert(format!("{cfg} {} {ty}", check.wrapper()))
    };
    named.chain(others).filter(&mut is_new).collect()
}

/// A parameter whose type asks the wrapper's bound of `ty`, and says so at `ty`.
fn bound(otp: &TokenStream, wrapper: &str, ty: &TokenStream) -> TokenStream {
    let first = about(first_span(ty));
    let (otp, wrapper) = (located(otp, first), Ident::new(wrapper, first));
    let path = quote_spanned!(first=> #otp::__private::#wrapper);
    let close = quote_spanned!(about(last_span(ty))=> >);
    quote!(_: #path<#ty #close,)
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
