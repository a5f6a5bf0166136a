//! Reading `backoff: 100ms..5s`.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::check::{Given, expression};
use crate::diag::Diags;
use crate::literal::{Zero, compact, duration, duration_tokens, is_numeric};
use crate::tokens::{flatten, is_punct, stream};

const HELP: &str = "write `backoff: 100ms..5s`: the first wait and the longest one";

/// The value as an expression; both ends may be durations or expressions of the user.
pub(super) fn read(given: &Given, diags: &mut Diags) -> Option<TokenStream> {
    let (_, value) = given.tokens("backoff")?;
    let tokens = flatten(value.clone());
    let is_dot = |at| is_punct(tokens.get(at), '.');
    let dots = (0..tokens.len()).find(|at| is_dot(*at) && is_dot(*at + 1));
    let (min, max) = match dots {
        Some(at) => (stream(&tokens[..at]), stream(&tokens[at + 2..])),
        None if tokens.iter().all(|token| matches!(token, TokenTree::Literal(_))) => {
            return refuse(value, diags);
        }
        None => return expression(value, "backoff", diags),
    };
    let ends_early = |end: &TokenStream| match flatten(end.clone()).first() {
        Some(first) => is_punct(Some(first), '=') || is_punct(Some(first), '.'),
        None => true,
    };
    if ends_early(&min) || ends_early(&max) {
        return refuse(value, diags);
    }
    if is_numeric(&min) && is_numeric(&max) {
        let (shortest, longest) =
            (duration(&min, Zero::Refused, diags), duration(&max, Zero::Refused, diags));
        if shortest? > longest? {
            let message = format!(
                "the first wait, `{}`, exceeds the longest, `{}`",
                compact(&min),
                compact(&max)
            );
            diags.error(value, "OTP0419", message).help("write the shorter time first");
            return None;
        }
    }
    let (min, max) = (end(&min, diags)?, end(&max, diags)?);
    Some(quote!(#min..#max))
}

/// One end of the range.
fn end(tokens: &TokenStream, diags: &mut Diags) -> Option<TokenStream> {
    if is_numeric(tokens) {
        return duration(tokens, Zero::Refused, diags).map(duration_tokens);
    }
    expression(tokens, "backoff", diags)
}

fn refuse(value: &TokenStream, diags: &mut Diags) -> Option<TokenStream> {
    let message = format!("`backoff` is a range of times, found `{}`", compact(value));
    diags.error(value, "OTP0419", message).help(HELP);
    None
}
