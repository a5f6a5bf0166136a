//! Looking at the types of a signature.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericArgument, PathArguments, PathSegment, Type, TypePath};

/// Why a type cannot be part of a message.
pub(crate) enum Fault<'a> {
    /// It borrows.
    Borrowed(&'a Type),
    /// It has no name.
    Unnamed(&'a Type),
}

/// The first part of a type that a message cannot have.
///
/// References that live for `'static` are as good as owned. What stands in the parentheses of `fn`
/// and `Fn` types is not part of the value.
pub(crate) fn fault(ty: &Type) -> Option<Fault<'_>> {
    match ty {
        Type::Reference(reference) => match &reference.lifetime {
            Some(lifetime) if lifetime.ident == "static" => fault(&reference.elem),
            _ => Some(Fault::Borrowed(ty)),
        },
        Type::ImplTrait(_) => Some(Fault::Unnamed(ty)),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(fault),
        Type::Array(array) => fault(&array.elem),
        Type::Slice(slice) => fault(&slice.elem),
        Type::Paren(paren) => fault(&paren.elem),
        Type::Group(group) => fault(&group.elem),
        Type::Path(path) => path.path.segments.iter().find_map(|segment| in_segment(ty, segment)),
        _ => None,
    }
}

fn in_segment<'a>(ty: &'a Type, segment: &'a PathSegment) -> Option<Fault<'a>> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Lifetime(lifetime) if lifetime.ident != "static" => {
            Some(Fault::Borrowed(ty))
        }
        GenericArgument::Type(inner) => fault(inner),
        _ => None,
    })
}

/// The last word of a path, with its arguments.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(TypePath { path, .. }) => path.segments.last(),
        Type::Paren(paren) => last_segment(&paren.elem),
        Type::Group(group) => last_segment(&group.elem),
        _ => None,
    }
}

/// Whether the type is called `word`, whatever stands before and after.
pub(crate) fn is_named(ty: &Type, word: &str) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == word)
}

/// The first type argument of a path's last word.
pub(crate) fn first_argument(ty: &Type) -> Option<&Type> {
    match &last_segment(ty)?.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    }
}

/// Whether the type is `()`.
pub(crate) fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// Whether the type is one word that names a value for certain, so never an alias of ours.
pub(crate) fn is_plain_value(ty: &Type) -> bool {
    const WORDS: [&str; 30] = [
        "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize",
        "f32", "f64", "bool", "char", "String", "str", "Vec", "Option", "Box", "Rc", "Arc",
        "HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "PathBuf", "Duration",
    ];
    match ty {
        Type::Path(path) => match path.path.segments.last() {
            Some(segment) => WORDS.iter().any(|word| segment.ident == word),
            None => false,
        },
        Type::Tuple(tuple) => !tuple.elems.is_empty(),
        Type::Array(_) | Type::Slice(_) | Type::Reference(_) | Type::ImplTrait(_) => true,
        Type::TraitObject(_) | Type::Ptr(_) | Type::FnPtr(_) => true,
        _ => false,
    }
}

/// Whether the type can travel for certain, so that nothing need be asked.
pub(crate) fn is_harmless(ty: &TokenStream) -> bool {
    const WORDS: [&str; 20] = [
        "i8",
        "i16",
        "i32",
        "i64",
        "i128",
        "isize",
        "u8",
        "u16",
        "u32",
        "u64",
        "u128",
        "usize",
        "f32",
        "f64",
        "bool",
        "char",
        "()",
        "String",
        "String < >",
        ":: std :: string :: String",
    ];
    WORDS.contains(&ty.to_string().as_str())
}

/// Whether the type most probably cannot move between threads, whatever it is made of.
///
/// It decides only how often the compiler says so, so a wrong guess is no harm as long as nothing
/// that can be a server's client is taken for guilty.
pub(crate) fn is_bound_to_a_thread(ty: &Type) -> bool {
    const WORDS: [&str; 5] = ["Rc", "MutexGuard", "RwLockReadGuard", "RwLockWriteGuard", "NonNull"];
    match ty {
        Type::Ptr(_) => true,
        Type::Tuple(tuple) => tuple.elems.iter().any(is_bound_to_a_thread),
        Type::Array(array) => is_bound_to_a_thread(&array.elem),
        Type::Paren(paren) => is_bound_to_a_thread(&paren.elem),
        Type::Group(group) => is_bound_to_a_thread(&group.elem),
        Type::TraitObject(object) => !object.bounds.iter().any(|bound| match bound {
            syn::TypeParamBound::Trait(it) => {
                it.path.segments.last().is_some_and(|segment| segment.ident == "Send")
            }
            _ => false,
        }),
        Type::Path(path) => path.path.segments.last().is_some_and(|segment| {
            WORDS.iter().any(|word| segment.ident == word) || holds_one(segment)
        }),
        _ => false,
    }
}

/// Whether the type is a well-known owner of something that is bound to a thread.
fn holds_one(segment: &PathSegment) -> bool {
    const OWNERS: [&str; 4] = ["Box", "Option", "Vec", "VecDeque"];
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return false };
    OWNERS.iter().any(|word| segment.ident == word)
        && arguments.args.iter().any(|argument| match argument {
            GenericArgument::Type(ty) => is_bound_to_a_thread(ty),
            _ => false,
        })
}

/// The tokens with `Self` replaced by the type's name, to stand outside of the user's block.
pub(crate) fn without_self(tokens: impl ToTokens, self_ty: &TokenStream) -> TokenStream {
    let mut output = TokenStream::new();
    let mut tokens = tokens.into_token_stream().into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == "Self" => {
                // `Self::Item`, but not `Self: Trait`.
                let is_path = matches!(
                    tokens.peek(),
                    Some(TokenTree::Punct(it))
                        if it.as_char() == ':' && it.spacing() == Spacing::Joint
                );
                let located = located(self_ty, ident.span());
                output.extend(if is_path { quote!(<#located>) } else { located });
            }
            TokenTree::Group(group) => {
                let mut inner =
                    Group::new(group.delimiter(), without_self(group.stream(), self_ty));
                inner.set_span(group.span());
                output.extend([TokenTree::Group(inner)]);
            }
            token => output.extend([token]),
        }
    }
    output
}

/// Whether a name that may be unknown stands between angle brackets.
///
/// For such a name the compiler suggests a type parameter of the item around it, when the item is
/// the user's.
pub(crate) fn has_nested_name(ty: &TokenStream) -> bool {
    const KNOWN: [&str; 12] = [
        "Self", "String", "Vec", "Option", "Result", "Box", "Arc", "HashMap", "BTreeMap",
        "HashSet", "Context", "Duration",
    ];
    let mut depth = 0;
    ty.clone().into_iter().any(|token| match token {
        TokenTree::Punct(_) => {
            depth += nesting(&token);
            false
        }
        TokenTree::Group(group) if depth == 0 => has_nested_name(&group.stream()),
        TokenTree::Group(group) => has_name(group.stream(), &KNOWN),
        token => depth > 0 && has_name(token.into(), &KNOWN),
    })
}

/// By how much the token changes the number of open angle brackets.
fn nesting(token: &TokenTree) -> i32 {
    match token {
        TokenTree::Punct(it) if it.as_char() == '<' => 1,
        TokenTree::Punct(it) if it.as_char() == '>' => -1,
        _ => 0,
    }
}

fn has_name(tokens: TokenStream, known: &[&str]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => !is_primitive(&word) && !known.iter().any(|known| word == known),
        TokenTree::Group(group) => has_name(group.stream(), known),
        _ => false,
    })
}

/// The type with brackets behind a name that has none, where it means the same.
///
/// The compiler suggests a type parameter for a name that it does not know, when the name stands
/// between angle brackets and has none of its own. Where the user has written it nothing is
/// suggested, and one mistake would be two different errors.
pub(crate) fn inside(ty: &TokenStream) -> TokenStream {
    let mut output = TokenStream::new();
    let mut tokens = ty.clone().into_iter().peekable();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(it) if it.as_char() == ',');
    // What the user has written between angle brackets stands there already, and may be a constant.
    let (mut begins, mut depth) = (true, 0);
    while let Some(token) = tokens.next() {
        let is_alone = begins && tokens.peek().is_none_or(is_comma);
        depth += nesting(&token);
        begins = depth == 0 && is_comma(&token);
        match token {
            TokenTree::Ident(word) if is_alone => {
                let brackets = (!is_primitive(&word)).then(|| quote_spanned!(word.span()=> <>));
                output.extend(quote!(#word #brackets));
            }
            TokenTree::Group(group) if is_alone && !has_brackets(&group) => {
                let mut inner = Group::new(group.delimiter(), inside(&group.stream()));
                inner.set_span(group.span());
                output.extend([TokenTree::Group(inner)]);
            }
            token => output.extend([token]),
        }
    }
    output
}

fn has_brackets(group: &Group) -> bool {
    let is_angle = |token: TokenTree| matches!(token, TokenTree::Punct(it) if it.as_char() == '<');
    group.delimiter() != Delimiter::Parenthesis || group.stream().into_iter().any(is_angle)
}

fn is_primitive(word: &Ident) -> bool {
    word.to_string().starts_with(|it: char| it.is_ascii_lowercase())
}

/// The tokens as if they stood at `span`; they mean what they meant.
pub(crate) fn located(tokens: &TokenStream, span: Span) -> TokenStream {
    let relocate = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.clone().into_iter().map(relocate).collect()
}

/// The first lifetime argument that is not `'static`.
pub(crate) fn lifetime_argument(segment: &PathSegment) -> Option<&syn::Lifetime> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Lifetime(lifetime) if lifetime.ident != "static" => Some(lifetime),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn self_is_replaced() {
        let replaced = |text: &str| {
            let tokens: TokenStream = text.parse().unwrap();
            without_self(tokens, &"A<K>".parse().unwrap()).to_string()
        };
        assert_eq!(replaced("Vec<Self>"), "Vec < A < K > >");
        assert_eq!(
            replaced("where Self: Sized, [Self::T; 2]: X"),
            "where A < K > : Sized , [< A < K > > :: T ; 2] : X"
        );
    }
}
