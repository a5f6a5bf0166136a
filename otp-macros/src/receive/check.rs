//! From raw arms to a model that can be expanded as it is.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Expr, Pat, Type};

use super::parse::{RawAfter, RawArm, RawMessage};
use crate::diag::Diags;
use crate::literal::{self, Zero, compact};
use crate::tokens::leading_place;

/// A macro call that can be expanded.
pub(super) struct Model {
    pub(super) arms: Vec<Arm>,
    pub(super) after: Option<After>,
    /// Statements that are checked and never run.
    pub(super) probes: Vec<TokenStream>,
}

/// An arm for messages.
pub(super) struct Arm {
    pub(super) pattern: TokenStream,
    pub(super) ty: Option<TokenStream>,
    pub(super) guard: Option<TokenStream>,
    pub(super) body: TokenStream,
}

/// The arm for a time-out.
pub(super) struct After {
    /// An expression.
    pub(super) duration: TokenStream,
    pub(super) body: TokenStream,
}

/// Checks all arms; a faulty one is mended where its meaning is clear, and left out otherwise.
pub(super) fn check(raw: Vec<RawArm>, diags: &mut Diags) -> Model {
    if raw.is_empty() && diags.count() == 0 {
        diags
            .error(TokenStream::new(), "OTP0501", "`receive!` without arms would wait for ever")
            .help("add a pattern, or `after 5s => ..`");
    }
    let count = raw.len();
    let mut model = Model { arms: Vec::new(), after: None, probes: Vec::new() };
    let mut early = None;
    let mut catch_all: Option<String> = None;
    let mut told = false;
    for (at, arm) in raw.into_iter().enumerate() {
        match arm {
            RawArm::After(second) if model.after.is_some() => {
                diags
                    .error(second.word, "OTP0503", "there is one `after`")
                    .help("remove this one, or the one above");
                early = None;
            }
            RawArm::After(after) => {
                if at + 1 < count {
                    early = Some(after.word.clone());
                }
                model.after = Some(check_after(after, diags));
            }
            RawArm::Probe(statement) => model.probes.push(statement),
            RawArm::Message(arm) => {
                let head = arm.pattern.clone();
                if let (Some(above), false) = (&catch_all, told) {
                    told = true;
                    let message =
                        format!("this arm is never reached: `{above}` above takes every message");
                    let help = "move the arm for every message below";
                    diags.error(&head, "OTP0504", message).help(help);
                }
                if is_catch_all(&arm) {
                    let ty = arm.ty.as_ref().map(compact).unwrap_or_default();
                    catch_all.get_or_insert(format!("{}: {ty}", compact(&head)));
                }
                model.arms.extend(check_arm(arm, diags));
            }
        }
    }
    if let Some(word) = early {
        diags.error(word, "OTP0502", "`after` must be the last arm").help("move it to the end");
    }
    model
}

/// Whether an arm takes every message there is.
fn is_catch_all(arm: &RawMessage) -> bool {
    let plain = match &*arm.parsed {
        Pat::Ident(ident) => ident.subpat.is_none(),
        Pat::Wild(_) => true,
        _ => false,
    };
    let Some(Ok(Type::Path(ty))) = arm.ty.clone().map(syn::parse2) else { return false };
    let path: Vec<String> =
        ty.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let is_message = matches!(path.as_slice(), ["Message"] | ["otp" | "otp_core", .., "Message"]);
    plain && is_message && arm.guard.is_none()
}

fn check_arm(raw: RawMessage, diags: &mut Diags) -> Option<Arm> {
    let RawMessage { mut pattern, parsed, mut ty, guard, body } = raw;
    if ty.is_none() {
        match unwrapped(&parsed) {
            Pat::Wild(wild) => {
                diags
                    .error(wild, "OTP0508", "`_` does not say which messages to throw away")
                    .help("write `_: Message` for every message, or `_: Ping` for those of a type");
                ty = Some(quote!(::otp::Message));
            }
            Pat::Ident(ident) if ident.subpat.is_none() && is_binding(ident) => {
                let name = &ident.ident;
                diags
                    .error(ident, "OTP0505", format!("the type of `{name}` is unknown"))
                    .help(format!("write `{name}: Ping`, or `{name}: Message` for any message"));
                return None;
            }
            _ => {}
        }
        if let Some((reference, inner)) = reference(&parsed) {
            let shown = compact(&inner);
            let message =
                format!("a message is owned, so `{}` cannot match it", compact(&reference));
            diags.error(reference, "OTP0507", message).help(format!("write `{shown}`"));
            pattern = inner;
        }
    }
    if let Some(broken) = ty.clone().filter(|ty| syn::parse2::<Type>(ty.clone()).is_err()) {
        let (at, found) = match compact(&broken) {
            found if found.is_empty() => (pattern.clone(), "nothing".to_owned()),
            found => (broken, format!("`{found}`")),
        };
        let message = format!("expected a type after `:`, found {found}");
        diags.error(at, "OTP0506", message).help("write `msg: Ping`");
        return None;
    }
    let broken = |guard: &TokenStream| syn::parse2::<Expr>(guard.clone()).is_err();
    let guard = match guard {
        Some(guard) if broken(&guard) => {
            let place = place(&guard);
            let at = if guard.is_empty() { pattern.clone() } else { guard };
            let help = "a guard is `PATTERN if condition => ..`";
            diags.error(at, "OTP0506", "the condition after `if` is unfinished").help(help);
            Some(quote!({ #place false }))
        }
        guard => guard,
    };
    Some(Arm { pattern, ty, guard, body })
}

/// Mentions the variable at the beginning of an unfinished expression.
fn place(expr: &TokenStream) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = expr.clone().into_iter().collect();
    leading_place(&tokens).map(|place| quote!(let _ = &#place;))
}

/// The pattern without parentheses around it.
fn unwrapped(pattern: &Pat) -> &Pat {
    match pattern {
        Pat::Paren(paren) => unwrapped(&paren.pat),
        pattern => pattern,
    }
}

/// Whether a name alone is a new variable: constants and unit structs begin in upper case.
fn is_binding(ident: &syn::PatIdent) -> bool {
    let upper_case = ident.ident.to_string().starts_with(char::is_uppercase);
    ident.by_ref.is_some() || ident.mutability.is_some() || !upper_case
}

/// The part of a pattern that would match a reference, and the pattern without the `&`.
fn reference(pattern: &Pat) -> Option<(TokenStream, TokenStream)> {
    match unwrapped(pattern) {
        Pat::Reference(reference) => {
            Some((reference.to_token_stream(), reference.pat.to_token_stream()))
        }
        _ => None,
    }
}

fn check_after(raw: RawAfter, diags: &mut Diags) -> After {
    let RawAfter { word, duration, body } = raw;
    let fallback = quote!(::core::time::Duration::ZERO);
    let duration = if duration.is_empty() {
        let message = "expected a duration after `after`, found `=>`";
        diags.error(word, "OTP0506", message).help("write `after 5s => ..`");
        fallback
    } else if is_literal(&duration) {
        match literal::duration(&duration, Zero::Allowed, diags) {
            Some(duration) => literal::duration_tokens(duration),
            None => fallback,
        }
    } else if syn::parse2::<Expr>(duration.clone()).is_ok() {
        duration
    } else {
        let message = format!("expected a duration after `after`, found `{}`", compact(&duration));
        diags.error(&duration, "OTP0506", message).help("write `after 5s => ..`");
        let place = place(&duration);
        quote!({ #place #fallback })
    };
    After { duration, body }
}

fn is_literal(value: &TokenStream) -> bool {
    let mut tokens = value.clone().into_iter();
    let first = tokens.next();
    let literal = matches!(first, Some(TokenTree::Literal(_)));
    literal && tokens.next().is_none()
}
