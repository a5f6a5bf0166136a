//! From the checked struct to the code. Nothing can fail here.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::{Registry, functions};
use crate::gen_server::types::is_harmless;

/// The type, its traits and its functions.
pub(super) fn expand(registry: &Registry) -> TokenStream {
    let Registry { attrs, vis, name, .. } = registry;
    let has_debug = attrs.iter().any(|attr| {
        attr.path().is_ident("derive") && attr.meta.to_token_stream().to_string().contains("Debug")
    });
    let debug = (!has_debug).then(|| quote!(#[derive(::core::fmt::Debug)]));
    let traits = traits(registry);
    let child = child(registry);
    let functions = functions::expand(registry);
    quote! {
        #(#attrs)*
        #debug
        #vis struct #name;
        #traits
        #child
        #functions
    }
}

impl Registry {
    pub(super) fn kind(&self) -> TokenStream {
        let otp = &self.otp;
        if self.unique { quote!(#otp::registry::Unique) } else { quote!(#otp::registry::Duplicate) }
    }

    pub(super) fn value_type(&self) -> TokenStream {
        self.value.clone().unwrap_or_else(|| quote!(()))
    }

    /// Asks whether the types can be those of keys and values, for every block that is generated:
    /// when one cannot, the compiler says so at the user's type and is silent about what follows.
    pub(super) fn sound(&self) -> Option<TokenStream> {
        let asked = self.asked()?;
        Some(quote!(where #asked: ::core::marker::Sized))
    }

    /// Nothing for types that can be keys and values for certain.
    fn asked(&self) -> Option<TokenStream> {
        let is_float = matches!(self.key.to_string().as_str(), "f32" | "f64");
        let is_key = is_harmless(&self.key) && !is_float;
        if is_key && self.value.as_ref().is_none_or(is_harmless) {
            return None;
        }
        let otp = &self.otp;
        let ask = |word: &str, ty: &TokenStream| {
            let at = ty.clone().into_iter().next().map_or_else(Span::call_site, |it| it.span());
            let check = Ident::new(word, at.resolved_at(Span::call_site()));
            quote!(#otp::__private::#check::<#ty>();)
        };
        let key = ask("registry_key", &self.key);
        let value = self.value.as_ref().map(|value| ask("registry_value", value));
        Some(quote!([(); { #key #value 0 }]))
    }

    /// `K, V, Kind`.
    pub(super) fn types(&self) -> TokenStream {
        let (key, value, kind) = (&self.key, self.value_type(), self.kind());
        quote!(#key, #value, #kind)
    }
}

fn traits(registry: &Registry) -> TokenStream {
    let Registry { otp, name, key, .. } = registry;
    let (value, kind) = (registry.value_type(), registry.kind());
    let (sound, asked) = (registry.sound(), registry.asked());
    let found = |ty: &TokenStream| match &asked {
        Some(asked) => quote!(<#asked as #otp::__private::Sound<#ty>>::Type),
        None => ty.clone(),
    };
    let (sound_key, sound_value) = (found(key), found(&value));
    let partitions = registry
        .partitions
        .as_ref()
        .map(|partitions| quote!(const PARTITIONS: ::core::primitive::usize = #partitions;));
    let unique = registry.unique.then(|| {
        quote! {
            #[automatically_derived]
            impl #otp::registry::UniqueRegistry for #name #sound {}
        }
    });
    quote! {
        #[automatically_derived]
        impl #otp::registry::RegistryModule for #name #sound {
            type Key = #sound_key;
            type Value = #sound_value;
            type Kind = #kind;
            #partitions
        }
        #unique
        #[automatically_derived]
        impl #otp::registry::RegistryKey<#name> for #key #sound {
            fn into_key(self) -> Self {
                self
            }
        }
    }
}

fn child(registry: &Registry) -> TokenStream {
    let Registry { otp, name, .. } = registry;
    let (types, sound) = (registry.types(), registry.sound());
    quote! {
        #[automatically_derived]
        impl #otp::Child for #name #sound {
            type Args = #otp::Registry<#types>;
            type Client = #otp::RegistryRef<#types>;
            async fn start(
                args: Self::Args,
                name: ::core::option::Option<#otp::Name>,
            ) -> ::core::result::Result<#otp::Started<Self>, #otp::StartError> {
                #otp::__private::start_registry_child::<Self>(args, name).await
            }
        }
    }
}
