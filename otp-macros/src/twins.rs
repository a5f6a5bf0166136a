//! The attributes that only mean something inside of a `#[gen_server]` block.
//!
//! There they are taken away before they run. When one does run, it stands in the wrong place.

use proc_macro2::TokenStream;
use syn::parse::Parser;

use crate::diag::Diags;

/// Gives the item back with an error at the attribute.
pub(crate) fn misplaced(word: &str, item: TokenStream) -> TokenStream {
    let mut diags = Diags::new();
    let name = function_name(&item).unwrap_or_else(|| "it".to_owned());
    let message = format!("`#[{word}]` only means something inside a `#[gen_server] impl` block");
    diags
        .error_at(proc_macro2::Span::call_site(), "OTP0106", message)
        .help(format!("add `#[gen_server]` above the `impl` that contains `{name}`"));
    diags.finish(item)
}

fn function_name(item: &TokenStream) -> Option<String> {
    let read = |input: syn::parse::ParseStream<'_>| {
        input.call(syn::Attribute::parse_outer)?;
        input.parse::<syn::Visibility>()?;
        let sig: syn::Signature = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(sig.ident.to_string())
    };
    read.parse2(item.clone()).ok()
}
