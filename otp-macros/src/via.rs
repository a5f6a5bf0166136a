//! Names in a registry: `via(Users, key)` and `via(Users, key, value)`.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use crate::gen_server::expand::about;
use crate::gen_server::types::located;
use crate::options::split_commas;

/// A name in a registry.
pub(crate) struct Via {
    /// The type that stands for the registry.
    pub(crate) registry: syn::Path,
    /// The key, and maybe a value for the entry: expressions.
    pub(crate) key: TokenStream,
    pub(crate) value: Option<TokenStream>,
}

/// Reads `via(Registry, key)`; `None` when this is something else.
pub(crate) fn read(tokens: &TokenStream) -> Option<Via> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let [TokenTree::Ident(via), TokenTree::Group(group)] = tokens.as_slice() else { return None };
    if via != "via" || group.delimiter() != Delimiter::Parenthesis {
        return None;
    }
    let mut pieces = split_commas(group.stream()).into_iter();
    let registry = syn::parse2(pieces.next()?).ok()?;
    let expression =
        |piece: TokenStream| syn::parse2::<syn::Expr>(piece.clone()).ok().map(|_| piece);
    let key = expression(pieces.next()?)?;
    let value = match pieces.next() {
        Some(value) => Some(expression(value)?),
        None => None,
    };
    if pieces.next().is_some() {
        return None;
    }
    Some(Via { registry, key, value })
}

impl Via {
    /// The name as an expression.
    ///
    /// The compiler reports a wrong registry at its path, and everything else at the key.
    pub(crate) fn tokens(&self, otp: &TokenStream) -> TokenStream {
        let Via { registry, key, value } = self;
        let first = key.clone().into_iter().next();
        let span = first.map_or_else(Span::call_site, |token| token.span());
        let otp = located(otp, span);
        let span = about(span);
        match value {
            None => quote_spanned!(span=> #otp::__private::via::<#registry, _>(#key)),
            Some(value) => {
                quote_spanned!(span=> #otp::__private::via_with::<#registry, _>(#key, #value))
            }
        }
    }

    /// Whether the key or the value names this variable.
    pub(crate) fn mentions(&self, name: &Ident) -> bool {
        mentions(&self.key, name) || self.value.as_ref().is_some_and(|it| mentions(it, name))
    }
}

fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        TokenTree::Literal(text) => {
            // Inline arguments of `format!`.
            text.to_string().contains(&format!("{{{name}"))
        }
        TokenTree::Punct(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    fn parts(text: &str) -> Option<(String, Option<String>)> {
        let via = read(&text.parse().unwrap())?;
        Some((via.key.to_string(), via.value.map(|value| value.to_string())))
    }

    #[test]
    fn a_name_has_a_registry_and_a_key() {
        let key = |text: &str| Some((text.to_owned(), None));
        assert_eq!(parts("via(Users, id)"), key("id"));
        assert_eq!(parts("via(app::Users, (a, 7))"), key("(a , 7)"));
        assert_eq!(
            parts("via(Users, id, limit)"),
            Some(("id".to_owned(), Some("limit".to_owned())))
        );
        for other in ["via", "via()", "via(Users)", "via(5, id)", "via(A, b, c, d)", "via[A, b]"] {
            assert_eq!(parts(other), None, "{other}");
        }
        assert_eq!(parts("via(Users, let)"), None);
        assert_eq!(parts("fia(Users, id)"), None);
    }

    #[test]
    fn variables_are_found_wherever_they_stand() {
        let via = read(&"via(U, format!(\"{id}/{}\", (rest)), &n)".parse().unwrap()).unwrap();
        for (name, is_there) in [("id", true), ("rest", true), ("n", true), ("U", false)] {
            assert_eq!(via.mentions(&quote::format_ident!("{name}")), is_there, "{name}");
        }
    }
}
