//! The receiver and the parameters of a function with a role.
//!
//! One rule: owned is part of the message, borrowed is lent by the runtime.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident};
use syn::{FnArg, GenericParam, Pat, PatType, Receiver, ReceiverKind, ReturnType, Safety, Type};

use super::model::{Arg, Field};
use super::roles::{Found, Role};
use super::types::{Fault, fault, first_argument, is_named, is_unit, without_self};
use crate::diag::Diags;
use crate::literal::compact;
use crate::sig::is_word;

/// A parameter that is not the receiver.
pub(crate) struct Param<'a> {
    pub(crate) input: &'a PatType,
    pub(crate) kind: ParamKind<'a>,
}

/// What a parameter is for.
#[derive(Clone, Copy)]
pub(crate) enum ParamKind<'a> {
    /// The context.
    Context,
    /// The caller, and the type of its answer.
    Caller(Option<&'a Type>),
    /// Everything else.
    Plain,
}

/// Reads receiver, qualifiers and parameters.
pub(crate) fn read<'a>(
    found: &Found<'a>,
    self_ty: &TokenStream,
    diags: &mut Diags,
) -> Vec<Param<'a>> {
    qualifiers(found, diags);
    receiver(found, diags);
    let mut params: Vec<Param<'a>> = Vec::new();
    // A state that is passed by name has been reported.
    let skip = usize::from(state_parameter(found).is_some());
    for input in found.function.sig.inputs.iter().skip(skip) {
        let FnArg::Typed(input) = input else { continue };
        let kind = classify(found, input, &params, self_ty, diags);
        params.push(Param { input, kind });
    }
    params
}

fn qualifiers(found: &Found<'_>, diags: &mut Diags) {
    let sig = &found.function.sig;
    let mut refuse = |at: TokenStream, word: &str| {
        let message = format!("a handler is called by the runtime, so it cannot be `{word}`");
        diags.error(at, "OTP0220", message).help(format!("remove `{word}`"));
    };
    if let Some(token) = &sig.constness {
        refuse(token.to_token_stream(), "const");
    }
    if let Safety::Unsafe(token) = &sig.safety {
        refuse(token.to_token_stream(), "unsafe");
    }
    if let Some(abi) = &sig.abi {
        refuse(abi.to_token_stream(), "extern");
    }
    let is_type = |param: &&GenericParam| !matches!(param, GenericParam::Lifetime(_));
    if let Some(param) = sig.generics.params.iter().find(is_type) {
        let name = match param {
            GenericParam::Type(param) => &param.ident,
            GenericParam::Const(param) => &param.ident,
            GenericParam::Lifetime(param) => &param.lifetime.ident,
        };
        let message = "a handler cannot be generic: every request has one concrete type";
        diags
            .error(&sig.generics, "OTP0209", message)
            .help(format!("move `{name}` to the `impl` block, or take a `Box<dyn ..>`"));
    }
}

fn receiver(found: &Found<'_>, diags: &mut Diags) {
    let sig = &found.function.sig;
    let word = found.role.word();
    let Some(receiver) = sig.receiver() else {
        if found.role == Role::Init {
            return;
        }
        if let Some(state) = state_parameter(found) {
            let (message, found) = (no_receiver(word), pattern(state));
            let help =
                format!("write `&mut self` instead of `{found}: ..`, and `self` in the body");
            diags.error(state, "OTP0201", message).help(help);
        } else {
            diags
                .error(&sig.ident, "OTP0201", no_receiver(word))
                .help("add `&self` (read) or `&mut self` (change) as the first parameter");
        }
        return;
    };
    if found.role == Role::Init {
        diags
            .error(receiver, "OTP0204", "there is no state before `#[init]` has returned it")
            .help("remove `self`; take what you need as parameters");
        return;
    }
    match &receiver.kind {
        ReceiverKind::Reference(..) => {}
        ReceiverKind::Typed(_, ty) if is_reference_to_self(ty) => {}
        ReceiverKind::Typed(_, ty) => {
            let message =
                format!("`self: {}` is not a handler receiver", compact(&ty.to_token_stream()));
            diags.error(ty, "OTP0203", message).help("use `&self` or `&mut self`");
        }
        _ => consumed(receiver, found.role, diags),
    }
}

fn no_receiver(word: &str) -> String {
    format!("a `#[{word}]` function works on the server's state")
}

/// The first parameter when it is the state under another name than `self`.
fn state_parameter<'a>(found: &Found<'a>) -> Option<&'a PatType> {
    let Some(FnArg::Typed(first)) = found.function.sig.inputs.first() else { return None };
    let ty = match &*first.ty {
        Type::Reference(reference) => &*reference.elem,
        ty => ty,
    };
    let is_state =
        found.role != Role::Init && found.function.sig.receiver().is_none() && is_named(ty, "Self");
    is_state.then_some(first)
}

fn consumed(receiver: &Receiver, role: Role, diags: &mut Diags) {
    let stop = match role {
        Role::Call => "; to stop the server return `reply(value).stop(ExitReason::Normal)`",
        Role::Terminate => "",
        _ => "; to stop the server return `noreply().stop(ExitReason::Normal)`",
    };
    diags
        .error(receiver, "OTP0202", "a handler borrows the state, it cannot consume it")
        .help(format!("use `&mut self`{stop}"));
}

fn is_reference_to_self(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if is_named(&reference.elem, "Self"))
}

fn classify<'a>(
    found: &Found<'a>,
    input: &'a PatType,
    before: &[Param<'a>],
    self_ty: &TokenStream,
    diags: &mut Diags,
) -> ParamKind<'a> {
    let role = found.role;
    if let Some(cfg) = input.attrs.iter().find(|attr| is_word(attr, "cfg")) {
        let message = "a single argument cannot be switched off: the request would change shape";
        diags
            .error(crate::sig::inside(cfg), "OTP0227", message)
            .help("put `#[cfg]` on two versions of the function");
    }
    if let Some(from) = input.attrs.iter().find(|attr| is_word(attr, "from")) {
        if role != Role::Call {
            diags
                .error(from, "OTP0214", "only a `#[handle_call]` has a caller to answer")
                .help("remove `#[from]`");
        } else if before.iter().any(|it| matches!(it.kind, ParamKind::Caller(_))) {
            diags.error(from, "OTP0215", "a call has one caller").help("remove one");
        } else {
            return ParamKind::Caller(caller(input, diags));
        }
        return ParamKind::Caller(None);
    }
    if is_context(&input.ty, self_ty) {
        if let Type::Reference(_) = &*input.ty {
        } else {
            diags
                .error(&input.ty, "OTP0219", "`Context<Self>` is lent to the handler, not given")
                .help(format!("write `{}: &mut Context<Self>`", pattern(input)));
        }
        if let Some(first) = before.iter().find(|it| matches!(it.kind, ParamKind::Context)) {
            let message = format!("`{}` is already the context", pattern(first.input));
            diags.error(input, "OTP0218", message).help("remove one");
        }
        return ParamKind::Context;
    }
    if role == Role::Call && is_named(&input.ty, "ReplyTo") && !has_caller(found) {
        return ParamKind::Caller(unmarked(found, input, diags));
    }
    ParamKind::Plain
}

fn has_caller(found: &Found<'_>) -> bool {
    found.function.sig.inputs.iter().any(|input| match input {
        FnArg::Typed(input) => input.attrs.iter().any(|attr| is_word(attr, "from")),
        FnArg::Receiver(_) => false,
    })
}

/// Reports a caller without `#[from]`, which would be one more argument of the client's method.
///
/// One that is to be passed on as data can travel in a type of the user's own.
fn unmarked<'a>(found: &Found<'a>, input: &'a PatType, diags: &mut Diags) -> Option<&'a Type> {
    let (name, ty) = (pattern(input), compact(&input.ty.to_token_stream()));
    let is_answer = |ty: &Type| !is_unit(ty) && !is_named(ty, "Noreply");
    let answers = matches!(&found.function.sig.output, ReturnType::Type(_, ty) if is_answer(ty));
    // A function without a receiver has been reported, and is to be written anew.
    found.function.sig.receiver()?;
    let message = format!("`{name}` is the caller only with `#[from]`");
    let help = match answers {
        true => format!("remove `{name}`: what this function returns is the answer"),
        false => format!("write `#[from] {name}: {ty}`"),
    };
    diags.error(input, "OTP0233", message).help(help);
    first_argument(&input.ty).filter(|_| !answers)
}

fn caller<'a>(input: &'a PatType, diags: &mut Diags) -> Option<&'a Type> {
    let is_caller = is_named(&input.ty, "ReplyTo");
    let reply = first_argument(&input.ty).filter(|_| is_caller);
    // Of a `ReplyTo` without its type the compiler says what to write.
    if !is_caller {
        let found = compact(&input.ty.to_token_stream());
        diags
            .error(&input.ty, "OTP0216", format!("`#[from]` gives a `ReplyTo<T>`, found `{found}`"))
            .help(format!("write `#[from] {}: ReplyTo<i64>`", pattern(input)));
    }
    reply
}

/// A reference to something called `Context`, or the server's own context by value.
fn is_context(ty: &Type, self_ty: &TokenStream) -> bool {
    match ty {
        Type::Reference(reference) => is_named(&reference.elem, "Context"),
        _ => {
            is_named(ty, "Context")
                && first_argument(ty).is_some_and(|server| {
                    is_named(server, "Self")
                        || compact(&server.to_token_stream()) == compact(self_ty)
                })
        }
    }
}

fn pattern(input: &PatType) -> String {
    compact(&input.pat.to_token_stream())
}

/// Checks an argument that travels.
pub(crate) fn owned(role: Role, ty: &Type, diags: &mut Diags) {
    let what = match role {
        Role::Init => ("a start argument: they are owned", "an argument"),
        _ => ("part of a message: messages are owned", "a message field"),
    };
    match fault(ty) {
        Some(Fault::Borrowed(part)) => {
            let text = compact(&part.to_token_stream());
            let owned = match text.as_str() {
                "&str" | "&mut str" => "take `String`; ".to_owned(),
                _ => match part {
                    Type::Reference(it) if !matches!(*it.elem, Type::Slice(_)) => {
                        format!("take `{}`; ", compact(&it.elem.to_token_stream()))
                    }
                    _ => "take an owned type; ".to_owned(),
                },
            };
            diags
                .error(part, "OTP0207", format!("`{text}` cannot be {}", what.0))
                .help(format!("{owned}only `&mut Context<Self>` (ambient) may be a reference"));
        }
        Some(Fault::Unnamed(part)) => {
            let found = compact(&part.to_token_stream());
            diags
                .error(part, "OTP0208", format!("{} needs a named type, found `{found}`", what.1))
                .help(
                    "take the type itself and convert before the call, in an `impl` of your own \
                     for the client",
                );
        }
        None => {}
    }
}

/// Checks the arguments of a request or of `#[init]`, and names them.
pub(crate) fn fields(
    role: Role,
    params: &[Param<'_>],
    self_ty: &TokenStream,
    diags: &mut Diags,
) -> Vec<Field> {
    let mut fields = Vec::new();
    for (index, param) in params.iter().enumerate() {
        if !matches!(param.kind, ParamKind::Plain) {
            continue;
        }
        let name = named(param.input, diags).cloned();
        owned(role, &param.input.ty, diags);
        fields.push(Field {
            name: name.unwrap_or_else(|| format_ident!("_arg{index}")),
            ty: without_self(&param.input.ty, self_ty),
        });
    }
    fields
}

/// The name of a parameter, when it has one.
pub(crate) fn plain_name(input: &PatType) -> Option<&Ident> {
    match &*input.pat {
        Pat::Ident(pat) if pat.subpat.is_none() && pat.by_ref.is_none() => Some(&pat.ident),
        _ => None,
    }
}

fn named<'a>(input: &'a PatType, diags: &mut Diags) -> Option<&'a Ident> {
    let name = plain_name(input);
    if name.is_some() {
        return name;
    }
    let ty = compact(&input.ty.to_token_stream());
    if let Pat::Wild(_) = &*input.pat {
        let message = "message arguments need a name: it becomes the client's parameter name";
        diags
            .error(&input.pat, "OTP0206", message)
            .help(format!("write `_unused: {ty}` or drop the parameter"));
    } else {
        let message = "message arguments need a plain name: it becomes the client's parameter name";
        diags
            .error(&input.pat, "OTP0205", message)
            .help(format!("write `value: {ty}` and destructure in the body"));
    }
    None
}

/// How the callback is called: its arguments in the user's order.
pub(crate) fn args(params: &[Param<'_>], are_fields: bool) -> Vec<Arg> {
    let one = |param: &Param<'_>| match param.kind {
        ParamKind::Context => Arg::Context,
        ParamKind::Caller(_) => Arg::Caller,
        ParamKind::Plain => match plain_name(param.input) {
            Some(name) if are_fields => Arg::Field(name.clone()),
            _ => Arg::Given,
        },
    };
    params.iter().map(one).collect()
}
