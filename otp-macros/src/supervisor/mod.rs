//! `supervisor!`: a supervision tree as a type or as a value.

mod backoff;
mod check;
mod children;
mod expand;
mod model;
mod order;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Diags;

/// The expansion of `supervisor!`.
pub(crate) fn supervisor(input: TokenStream) -> TokenStream {
    let mut diags = Diags::new();
    let Some(raw) = parse::parse(input, &mut diags) else {
        return diags.finish(TokenStream::new());
    };
    let model = check::check(raw, &mut diags);
    match &model.item {
        Some(item) => diags.finish(expand::item(&model, item)),
        None => {
            let value = expand::value(&model.tree, &model.otp);
            let errors = diags.finish(TokenStream::new());
            if errors.is_empty() { value } else { quote!({ #errors #value }) }
        }
    }
}
