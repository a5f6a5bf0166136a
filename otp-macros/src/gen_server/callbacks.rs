//! The functions of the `GenServer` impl: each calls the user's function and hands its result on.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::assertions::{callback as trait_fn, condition, function, moves};
use super::check::fresh;
use super::expand::about;
use super::model::{Arg, Callback, Field, Handler, Info, Init, Kind, Server};
use super::types::located;

/// `Self::get(self, key, cx)`, with the user's names; of an async function what it returns.
///
/// Its future is asked here whether it may move between threads. When it may not, the compiler says
/// so at the user's `async`, takes this function for broken, and no longer asks for its future.
fn call(server: &Server, callback: &Callback, locals: &Locals) -> TokenStream {
    let Callback { name, args, is_async, output, .. } = callback;
    let span = about(is_async.unwrap_or(*output));
    let mut name = name.clone();
    name.set_span(about(is_async.unwrap_or(name.span())));
    let receiver = callback.has_receiver.then(|| quote!(self,));
    let args = args.iter().map(|arg| match arg {
        Arg::Context => &locals.context,
        Arg::Field(name) => name,
        Arg::Caller | Arg::Given => &locals.given,
    });
    let call = quote_spanned!(span=> Self::#name(#receiver #(#args),*));
    if is_async.is_none() {
        return call;
    }
    let moves = located(&moves(server), *output);
    quote_spanned!(about(*output)=> #moves::handler(#call).await)
}

/// The type of what the callback returns, as far as it must be told.
fn returned(callback: &Callback, diverging: TokenStream) -> TokenStream {
    if callback.diverges { diverging } else { quote_spanned!(about(callback.output)=> _) }
}

/// `proceed(Self::add(self, n))`.
fn proceed(server: &Server, callback: &Callback, locals: &Locals) -> TokenStream {
    let result = call(server, callback, locals);
    let returned = returned(callback, quote!(()));
    let otp = located(&server.otp, callback.output);
    quote_spanned!(about(callback.output)=> #otp::__private::proceed::<Self, #returned>(#result))
}

/// The names of generated variables.
struct Locals {
    context: Ident,
    /// The caller, the message, the step or the reason.
    given: Ident,
}

impl Locals {
    /// Names that none of the `fields` has.
    fn new<'a>(given: &str, fields: impl Iterator<Item = &'a Field> + Clone) -> Locals {
        let names = fields.map(|field| &field.name);
        Locals { context: fresh("cx", names.clone()), given: fresh(given, names) }
    }

    /// For callbacks whose arguments are not named.
    fn unnamed(given: &str) -> Locals {
        Locals::new(given, [].iter())
    }
}

/// `init` of the trait.
pub(super) fn init(server: &Server) -> TokenStream {
    let otp = &server.otp;
    let sound: Vec<&Init> = server.inits.iter().filter(|init| init.is_sound).collect();
    if sound.is_empty() {
        return quote! {
            type Args = ();
            async fn init(_: Self::Args, _: &mut #otp::Context<Self>) -> #otp::InitResult<Self> {
                ::core::unreachable!()
            }
        };
    }
    let one = |init: &&Init| {
        let (cfg, callback) = (&init.callback.cfg, &init.callback);
        let locals = Locals::new("given", init.fields.iter());
        let context = &locals.context;
        let names = init.fields.iter().map(|field| &field.name);
        let types = init.fields.iter().map(|field| &field.ty);
        let state = call(server, callback, &locals);
        let (span, path) = (about(callback.output), located(otp, callback.output));
        let body = quote_spanned!(span=> #path::__private::init::<Self, _>(#state));
        // A type that is more private than the server is an error of this item: point at a type.
        let first = init.fields.first().and_then(|field| field.ty.clone().into_iter().next());
        let at = about(first.map_or_else(|| callback.name.span(), |token| token.span()));
        let checked = condition(server);
        let args = quote_spanned!(at=> type Args = (#(#types,)*) #checked;);
        let header = quote! {
            init(
                (#(#names,)*): Self::Args,
                #context: &mut #otp::Context<Self>,
            )
        };
        let init = trait_fn(server, &header, &quote!(#otp::InitResult<Self>), &body);
        quote!(#cfg #args #cfg #init)
    };
    sound.iter().map(one).collect()
}

/// `handle` of the trait.
pub(super) fn handle(server: &Server) -> TokenStream {
    let Server { otp, request, generics, .. } = server;
    let fields = server.handlers.iter().flat_map(|handler| &handler.fields);
    let Locals { context, given: message } = Locals::new("request", fields);
    let arms = server.handlers.iter().map(|handler| arm(server, handler, &context));
    let phantom = (!generics.types.is_empty())
        .then(|| quote!(#request::__Phantom(never, _) => match never {},));
    let empty = other_requests(server);
    let header = quote! {
        handle(
            &mut self,
            #message: Self::Request,
            #context: &mut #otp::Context<Self>,
        )
    };
    trait_fn(
        server,
        &header,
        &quote!(#otp::Next<Self>),
        &quote!(match #message { #(#arms)* #phantom #empty }),
    )
}

/// The arm that a match of the request needs when it may have no variants.
///
/// A request without variants has nothing to match; with `cfg`s that cannot be told here.
fn other_requests(server: &Server) -> Option<TokenStream> {
    let is_sure = server.handlers.is_empty()
        || server.handlers.iter().any(|handler| handler.callback.cfg.is_empty());
    let has_phantom = !server.generics.types.is_empty();
    (!has_phantom && !is_sure).then(|| quote!(_ => ::core::unreachable!(),))
}

/// `is_call` of the trait, which only a full mailbox asks for.
pub(super) fn is_call(server: &Server) -> Option<TokenStream> {
    let Server { request, generics, .. } = server;
    server.options.mailbox?;
    let arms = server.handlers.iter().map(|handler| {
        let (cfg, variant) = (&handler.callback.cfg, &handler.variant);
        let has_caller = !matches!(handler.kind, Kind::Cast);
        quote!(#cfg #request::#variant { .. } => #has_caller,)
    });
    let phantom = (!generics.types.is_empty())
        .then(|| quote!(#request::__Phantom(ref never, _) => match *never {},));
    let empty = other_requests(server);
    let header = quote!(is_call(request: &Self::Request) -> bool);
    Some(function(server, &header, quote!(match *request { #(#arms)* #phantom #empty })))
}

fn arm(server: &Server, handler: &Handler, context: &Ident) -> TokenStream {
    let Server { otp, request, .. } = server;
    let Handler { callback, variant, kind, .. } = handler;
    let locals = Locals { context: context.clone(), given: handler.reply_to() };
    let (cfg, braces) = (&callback.cfg, handler.braces());
    let next = match kind {
        Kind::Call { reply, .. } => {
            let reply_to = handler.reply_to();
            let result = call(server, callback, &locals);
            let returned = returned(callback, quote!(#otp::Never));
            let (span, path) = (about(callback.output), located(otp, callback.output));
            quote_spanned! {span=>
                #path::__private::answer::<Self, #reply, #returned>(#reply_to, #result)
            }
        }
        Kind::Deferred { .. } | Kind::Cast => proceed(server, callback, &locals),
    };
    quote!(#cfg #request::#variant #braces => #next,)
}

/// `handle_info` of the trait.
pub(super) fn handle_info(server: &Server) -> Option<TokenStream> {
    let otp = &server.otp;
    let sound = || server.infos.iter().filter(|info| info.is_sound);
    sound().next()?;
    let locals = Locals::unnamed("message");
    let Locals { context, given: message } = &locals;
    let typed = sound().filter_map(|info| {
        let (ty, cfg) = (server.inside(info.ty.as_ref()?), &info.callback.cfg);
        let next = proceed(server, &info.callback, &locals);
        Some(quote! {
            #cfg
            let #message = match #message.downcast::<#ty>() {
                ::core::result::Result::Ok(#message) => return #next,
                ::core::result::Result::Err(#message) => #message,
            };
        })
    });
    let any = sound().filter(|info| info.ty.is_none()).map(|info: &Info| {
        let cfg = &info.callback.cfg;
        let next = proceed(server, &info.callback, &locals);
        quote!(#cfg { return #next; })
    });
    let header = quote! {
        handle_info(
            &mut self,
            #message: #otp::Message,
            #context: &mut #otp::Context<Self>,
        )
    };
    let body = quote! {
        #(#typed)*
        #(#any)*
        #otp::__private::unhandled::<Self>(#message, #context)
    };
    Some(trait_fn(server, &header, &quote!(#otp::Next<Self>), &body))
}

/// `handle_continue` of the trait.
pub(super) fn handle_continue(server: &Server) -> TokenStream {
    let otp = &server.otp;
    let locals = Locals::unnamed("step");
    let Locals { context, given: step } = &locals;
    let sound = server.continues.iter().filter(|it| it.is_sound);
    let one = sound.map(|it| {
        let (cfg, next) = (&it.callback.cfg, proceed(server, &it.callback, &locals));
        let unwrap = (!it.is_unit()).then(|| quote!(let #step = #step.0;));
        let header = quote! {
            handle_continue(
                &mut self,
                #step: Self::Continue,
                #context: &mut #otp::Context<Self>,
            )
        };
        let function = trait_fn(server, &header, &quote!(#otp::Next<Self>), &quote!(#unwrap #next));
        quote!(#cfg #function)
    });
    one.collect()
}

/// `hibernate` of the trait.
pub(super) fn hibernate(server: &Server) -> TokenStream {
    let locals = Locals::unnamed("given");
    let one = server.hibernates.iter().map(|callback| {
        let (cfg, call) = (&callback.cfg, call(server, callback, &locals));
        quote! {
            #cfg
            fn hibernate(&mut self) {
                #call
            }
        }
    });
    one.collect()
}

/// `terminate` of the trait.
pub(super) fn terminate(server: &Server) -> TokenStream {
    let otp = &server.otp;
    let locals = Locals::unnamed("reason");
    let Locals { context, given: reason } = &locals;
    let one = server.terminates.iter().map(|callback| {
        let (cfg, call) = (&callback.cfg, call(server, callback, &locals));
        let header = quote! {
            terminate(
                &mut self,
                #reason: &#otp::ExitReason,
                #context: &mut #otp::Context<Self>,
            )
        };
        let function = trait_fn(server, &header, &quote!(()), &call);
        quote!(#cfg #function)
    });
    one.collect()
}

/// `format_status` of the trait, with the option `debug`; the option's word is to blame for a state
/// that is not `Debug`.
pub(super) fn format_status(server: &Server) -> Option<TokenStream> {
    let span = about(server.options.debug?);
    let otp = located(&server.otp, span);
    let text = quote_spanned!(span=> #otp::__private::state_text(self));
    Some(quote! {
        fn format_status(&self) -> ::core::option::Option<::std::string::String> {
            #text
        }
    })
}
