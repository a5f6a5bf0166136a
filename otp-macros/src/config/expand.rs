//! From the model to the implementation.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::{Field, Model, Source};

pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { name, generics, otp, app, deny_unknown, fields } = model;
    let (declared, used, _) = generics.split_for_impl();
    let where_clause = where_clause(model);
    let app = app.as_ref().map(|app| {
        quote! {
            const APP: ::core::option::Option<&'static str> = ::core::option::Option::Some(#app);
        }
    });
    // Names of the macro's own, which a default of the user cannot meet.
    let from = Ident::new("from", Span::mixed_site());
    let values: Vec<Ident> = (0..fields.len())
        .map(|index| format_ident!("value_{index}", span = Span::mixed_site()))
        .collect();
    let reads = fields.iter().map(|field| read(field, otp, &from));
    let names = fields.iter().map(|field| &field.name);
    let deny = deny_unknown.then(|| quote! { #from.deny_unknown(); });
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #declared #otp::Config for #name #used #where_clause {
            #app
            fn read(
                #from: &mut #otp::config::Reader<'_>,
            ) -> ::core::option::Option<Self> {
                #(let #values = #reads;)*
                #deny
                let _ = #from;
                ::core::option::Option::Some(Self { #(#names: #values?,)* })
            }
        }
    }
}

/// The where clause; a generic type is a configuration for those parameters whose fields can be
/// read.
fn where_clause(model: &Model) -> TokenStream {
    let Model { generics, otp, fields, .. } = model;
    let (_, _, written) = generics.split_for_impl();
    if generics.type_params().next().is_none() {
        return written.to_token_stream();
    }
    let predicates = written.map(|clause| clause.predicates.iter()).into_iter().flatten();
    let needed = fields.iter().map(|Field { ty, source, .. }| match source {
        Source::Nested => quote!(#ty: #otp::Config),
        _ => quote!(#ty: #otp::config::ConfigValue),
    });
    quote!(where #(#predicates,)* #(#needed,)*)
}

/// Reads one field into an `Option`.
fn read(field: &Field, otp: &TokenStream, from: &Ident) -> TokenStream {
    let Field { ty, key, env, secret, source, .. } = field;
    if matches!(source, Source::Nested) {
        return quote_spanned!(ty.span()=> #from.nested::<#ty>(#key));
    }
    let start = quote_spanned!(ty.span()=> #from.field::<#ty>(#key));
    let env = env.as_ref().map(|env| quote!(.env(#env)));
    let secret = secret.then(|| quote!(.secret()));
    let end = match source {
        Source::Default => {
            let default = Ident::new("default_value", ty.span().resolved_at(Span::call_site()));
            quote!(.or_else(|| #otp::__private::#default::<#ty>()))
        }
        Source::Value(value) => quote!(.or_else(|| #value)),
        Source::Required | Source::Nested => quote!(.required()),
    };
    quote!(#start #env #secret #end)
}
