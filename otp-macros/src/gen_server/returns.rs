//! The return types of calls and casts.
//!
//! The macro peels one name, `Reply<T>`, to learn `T`. It refuses what cannot be right whatever the
//! names mean; everything else is left to the type checker.

use proc_macro2::Ident;
use quote::{ToTokens, quote};
use syn::Type;

use super::model::{Kind, Server};
use super::params::{Param, ParamKind, plain_name};
use super::types::{Fault, fault, first_argument, is_named, is_plain_value, is_unit, without_self};
use crate::diag::Diags;
use crate::literal::compact;

/// The answer of a call; `None` when its type cannot be told.
pub(crate) fn call(
    output: Option<&Type>,
    params: &[Param<'_>],
    server: &Server,
    diags: &mut Diags,
) -> Option<Kind> {
    let (self_ty, otp) = (&server.self_ty, &server.otp);
    let caller = params.iter().find(|it| matches!(it.kind, ParamKind::Caller(_)));
    if let Some(caller) = caller {
        // One that cannot be read has been reported.
        let ParamKind::Caller(Some(reply)) = caller.kind else { return None };
        deferred(output, plain_name(caller.input), diags);
        return Some(Kind::Deferred { reply: without_self(reply, self_ty) });
    }
    let Some(output) = output else {
        return Some(Kind::Call { reply: quote!(()), alias: None });
    };
    if is_named(output, "Noreply") {
        let message = "this call would never be answered: it returns `Noreply` and has no caller \
                       to answer later";
        diags
            .error(output, "OTP0213", message)
            .help("add a parameter `#[from] caller: ReplyTo<T>`, or return the value");
        return None;
    }
    let peeled = first_argument(output).filter(|_| is_named(output, "Reply"));
    let reply = peeled.unwrap_or(output);
    if !is_nameable(reply, diags) {
        return None;
    }
    let could_be_alias = peeled.is_none()
        && matches!(reply, Type::Path(_))
        && !is_plain_value(reply)
        && !is_named(reply, "Result");
    let reply = match reply {
        Type::Never(_) => return Some(Kind::Call { reply: quote!(#otp::Never), alias: None }),
        reply if peeled.is_some() => without_self(reply, self_ty),
        reply => server.inside(&without_self(reply, self_ty)),
    };
    let alias = could_be_alias.then(|| reply.clone());
    Some(Kind::Call { reply, alias })
}

/// A call that is answered through its caller returns nothing.
fn deferred(output: Option<&Type>, caller: Option<&Ident>, diags: &mut Diags) {
    let Some(output) = output else { return };
    if is_unit(output) || is_named(output, "Noreply") || matches!(output, Type::Never(_)) {
        return;
    }
    let caller = caller.map_or_else(|| "the caller".to_owned(), |name| format!("`{name}`"));
    let found = compact(&output.to_token_stream());
    let message =
        format!("{caller} answers this call, so returning `{found}` as well would answer twice");
    diags
        .error(output, "OTP0217", message)
        .help("return nothing (or `Noreply`), or remove the `#[from]` parameter");
}

fn is_nameable(reply: &Type, diags: &mut Diags) -> bool {
    match fault(reply) {
        None => true,
        Some(Fault::Unnamed(part)) => {
            let found = compact(&part.to_token_stream());
            diags
                .error(part, "OTP0210", format!("the reply type must be named, found `{found}`"))
                .help("collect into a `Vec<T>`, or name the type");
            false
        }
        Some(Fault::Borrowed(part)) => {
            let message =
                "the reply travels to another process, so it cannot borrow from the state";
            diags
                .error(part, "OTP0211", message)
                .help("return an owned value: `String`, `Arc<str>`, or a clone");
            false
        }
    }
}

fn is_borrowed(receiver: &syn::Receiver) -> bool {
    !matches!(receiver.kind, syn::ReceiverKind::Value)
}

/// Reports an answer that is returned together with the state, as Elixir does it.
pub(crate) fn tuple(output: Option<&Type>, diags: &mut Diags) -> bool {
    let Some(Type::Tuple(tuple)) = output else { return false };
    let outcome =
        |word: &str| tuple.elems.iter().find(|ty| is_named(ty, word) && tuple.elems.len() > 1);
    let Some(outcome) = outcome("Reply").or_else(|| outcome("Noreply")) else { return false };
    let outcome = compact(&outcome.to_token_stream());
    let message = "a handler changes the state in place and does not return it";
    diags
        .error(output, "OTP0231", message)
        .help(format!("change `self` in the body and write `-> {outcome}`"));
    true
}

/// Nobody waits for a cast.
pub(crate) fn cast(output: Option<&Type>, sig: &syn::Signature, diags: &mut Diags) -> Option<Kind> {
    let name = &sig.ident;
    if let Some(output) = output {
        // A state taken by value and given back is one mistake, and it has been reported.
        let takes_self = sig.receiver().is_some_and(|it| !is_borrowed(it));
        if is_named(output, "Self") && takes_self {
        } else if is_plain_value(output) || is_named(output, "Reply") || is_named(output, "Self") {
            let found = compact(&output.to_token_stream());
            let message =
                format!("nobody waits for the answer of a cast, but `{name}` returns `{found}`");
            diags
                .error(output, "OTP0212", message)
                .help("return nothing, or make it `#[handle_call]`");
        }
    }
    Some(Kind::Cast)
}
