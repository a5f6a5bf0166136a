//! The code of `receive!`.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::check::{Arm, Model};

/// As `quote!`, with variables that the user's code cannot see.
macro_rules! hygienic {
    ($($token:tt)*) => { quote_spanned!(Span::mixed_site()=> $($token)*) };
}

/// One expression.
pub(super) fn expand(model: &Model) -> TokenStream {
    let tests = model.arms.iter().enumerate().map(|(at, arm)| test(arm, at, model.arms.len()));
    let mut runs: Vec<TokenStream> = Vec::new();
    for (at, arm) in model.arms.iter().enumerate() {
        runs.push(run(arm, at, model));
    }
    let select = if model.arms.is_empty() {
        hygienic!(::otp::__private::refuse)
    } else {
        hygienic!(|message: ::otp::Message| {
            #(#tests)*
            ::core::result::Result::Err(message)
        })
    };
    match &model.after {
        None if model.arms.is_empty() => hygienic!(::core::unreachable!()),
        None => hygienic!({
            let received = ::otp::__private::receive(#select).await;
            match received { #(#runs)* }
        }),
        Some(after) => {
            if model.arms.is_empty() {
                runs.push(hygienic!(::core::option::Option::Some(never) => match never {},));
            }
            let (duration, body) = (&after.duration, &after.body);
            hygienic!({
                let received = ::otp::__private::receive_within(#select, #duration).await;
                match received {
                    #(#runs)*
                    ::core::option::Option::None => #body,
                }
            })
        }
    }
}

/// The place of an arm's message: `Next(Next(This(inner)))`, for the last arm without `This`.
fn place(at: usize, count: usize, inner: &TokenStream) -> TokenStream {
    let mut place = match at + 1 == count {
        true => inner.clone(),
        false => hygienic!(::otp::__private::Received::This(#inner)),
    };
    for _ in 0..at {
        place = hygienic!(::otp::__private::Received::Next(#place));
    }
    place
}

/// Tests one arm: leaves the closure with the message, or goes on with it.
///
/// The guard always ends in `false`, so the pattern moves nothing out of the box; and it borrows
/// its variables as the guard of a `match` does.
fn test(arm: &Arm, at: usize, count: usize) -> TokenStream {
    let Arm { pattern, ty, guard, .. } = arm;
    let guard = guard.clone().unwrap_or_else(|| hygienic!(true));
    let types = ty.as_ref().map(|ty| hygienic!(::<#ty, _>));
    let found = place(at, count, &hygienic!(boxed));
    let span = pattern.clone().into_iter().next().map_or_else(Span::call_site, |it| it.span());
    // Types that cannot be messages are reported at the pattern.
    let function = quote_spanned!(span.resolved_at(Span::mixed_site())=>
        ::otp::__private::take_if #types);
    hygienic! {
        let message = match #function(message, |boxed| {
            let mut wanted = false;
            #[allow(unused_mut)]
            let mut boxed = boxed;
            match *boxed {
                #[allow(unused_mut, unused_variables)]
                #pattern if { wanted = #guard; false } => ::otp::__private::unmatched(),
                #[allow(unreachable_patterns)]
                _ => {}
            }
            (wanted, boxed)
        }) {
            ::core::result::Result::Ok(boxed) => return ::core::result::Result::Ok(#found),
            ::core::result::Result::Err(message) => message,
        };
    }
}

/// Runs one arm on the message that it wants.
fn run(arm: &Arm, at: usize, model: &Model) -> TokenStream {
    let Arm { pattern, guard, body, .. } = arm;
    // The variables of a guard count as used; it has been evaluated already.
    let guard =
        guard.as_ref().map(|guard| hygienic!(if { if false { let _: bool = #guard; } true }));
    let mut found = place(at, model.arms.len(), &hygienic!(boxed));
    if model.after.is_some() {
        found = hygienic!(::core::option::Option::Some(#found));
    }
    hygienic! {
        #found => {
            #[allow(unused_mut)]
            let mut boxed = boxed;
            match *boxed {
                #pattern #guard => #body,
                #[allow(unreachable_patterns)]
                _ => ::otp::__private::unmatched(),
            }
        }
    }
}
