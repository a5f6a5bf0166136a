//! `receive!`: waiting for messages by pattern.
//!
//! The expansion works in two steps. In the first, a closure an arm only tests its pattern and
//! guard on the boxed message, so that a message nobody wants goes back untouched. In the second,
//! outside of all closures, the message that was wanted is matched again and the arm's body runs,
//! so that `?`, `return`, `break` and `.await` mean there what they mean around the macro.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Diags;

/// The expansion of `receive!`.
pub(crate) fn receive(input: TokenStream) -> TokenStream {
    let mut diags = Diags::new();
    let raw = parse::parse(&input, &mut diags);
    let model = check::check(raw, &mut diags);
    let value = expand::expand(&model);
    let errors = diags.finish(TokenStream::new());
    let probes = &model.probes;
    let probes = (!probes.is_empty()).then(|| quote!(let _ = || { #(#probes)* };));
    if errors.is_empty() { value } else { quote!({ #errors #probes #value }) }
}
