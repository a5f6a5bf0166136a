//! What the type parameters of a server must be able to do.
//!
//! A server moves between threads and outlives its creator, and so does all that it is made of. The
//! compiler would say so once for everything that is generated.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, TypeParam, TypeParamBound, WherePredicate};

use crate::diag::Diags;
use crate::literal::compact;
use crate::sig::ImplBlock;

/// Traits that say nothing about threads and lifetimes; any other may.
const SILENT: [&str; 20] = [
    "AsRef",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Display",
    "Eq",
    "Extend",
    "From",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Sized",
    "Sync",
    "ToString",
    "FromStr",
];

/// What the bounds of a parameter say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// It is `Send + 'static`.
    Yes,
    /// It need not be.
    No,
    /// A trait may say so that only the compiler knows.
    Perhaps,
}

/// The parameters that cannot be part of a server.
pub(crate) fn missing(generics: &Generics) -> Vec<&TypeParam> {
    those(generics, Said::No)
}

/// The parameters that the compiler is to ask, once.
pub(crate) fn doubtful(generics: &Generics) -> Vec<&TypeParam> {
    those(generics, Said::Perhaps)
}

fn those(generics: &Generics, wanted: Said) -> Vec<&TypeParam> {
    let types = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(param),
        _ => None,
    });
    types.filter(|param| said(param, generics) == wanted).collect()
}

/// Reports them.
pub(crate) fn check(block: &ImplBlock, diags: &mut Diags) {
    for param in missing(&block.generics) {
        let name = &param.ident;
        let mut bounds: Vec<String> =
            param.bounds.iter().map(|bound| compact(&bound.to_token_stream())).collect();
        for bound in ["Send", "'static"] {
            if !bounds.iter().any(|it| it == bound) {
                bounds.push(bound.to_owned());
            }
        }
        let message = format!(
            "a server moves between threads and outlives its creator, and `{name}` need not"
        );
        let help = format!("write `{name}: {}`", bounds.join(" + "));
        diags.error(name, "OTP0118", message).help(help);
    }
}

/// `K: Send + 'static, ..` for those that are reported, so that nothing follows from it.
pub(crate) fn predicates(params: &[&TypeParam]) -> Option<TokenStream> {
    let names: Vec<&Ident> = params.iter().map(|param| &param.ident).collect();
    (!names.is_empty()).then(|| quote!(#(#names: ::core::marker::Send + 'static,)*))
}

/// Whether the bounds of the parameter say that it is `Send + 'static`.
fn said(param: &TypeParam, generics: &Generics) -> Said {
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let elsewhere = predicates.filter_map(|predicate| match predicate {
        WherePredicate::Type(it) => Some(it),
        _ => None,
    });
    let is_meant = |ty: &syn::Type| param.ident == compact(&ty.to_token_stream());
    let elsewhere = elsewhere.filter(|it| is_meant(&it.bounded_ty)).flat_map(|it| &it.bounds);
    let (mut is_send, mut is_static, mut perhaps) = (false, false, false);
    for bound in param.bounds.iter().chain(elsewhere) {
        match bound {
            TypeParamBound::Lifetime(lifetime) => is_static |= lifetime.ident == "static",
            TypeParamBound::Trait(it) => {
                let word = it.path.segments.last().map(|it| it.ident.to_string());
                let word = word.unwrap_or_default();
                is_send |= word == "Send";
                perhaps |= word != "Send" && !SILENT.contains(&word.as_str());
            }
            _ => perhaps = true,
        }
    }
    match is_send && is_static {
        true => Said::Yes,
        false if perhaps => Said::Perhaps,
        false => Said::No,
    }
}
