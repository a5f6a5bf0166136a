//! Reading an `impl` block without reading the bodies of its functions.
//!
//! Bodies stay token groups: that is quick, and a body that is half typed survives untouched.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser, discouraged::Speculative};
use syn::{Attribute, FnArg, Generics, Lifetime, Signature, Token, Type, Visibility, WhereClause};

/// An `impl` block.
pub(crate) struct ImplBlock {
    /// Attributes of the block.
    pub(crate) attrs: Vec<Attribute>,
    /// Parameters and where clause.
    pub(crate) generics: Generics,
    /// The trait in front of `for`.
    pub(crate) trait_path: Option<Type>,
    /// The type behind `impl` or `for`.
    pub(crate) self_ty: Type,
    /// What stands between the braces.
    pub(crate) members: Vec<Member>,
    /// The word that the block begins with.
    pub(crate) keyword: Span,
    header: TokenStream,
    braces: Span,
}

/// One item of an `impl` block.
pub(crate) enum Member {
    /// A function.
    Fn(Box<ImplFn>),
    /// Anything else, with its attributes apart.
    Other(OtherItem),
}

/// A function whose body was not read.
pub(crate) struct ImplFn {
    /// Attributes; the ones that belong to the macros are taken out before the block is printed.
    pub(crate) attrs: Vec<Attribute>,
    /// Visibility.
    pub(crate) vis: Visibility,
    /// Everything up to the body.
    pub(crate) sig: Signature,
    /// The braces and what is in them, or what the user has typed of it.
    pub(crate) body: TokenStream,
}

/// An item of an `impl` block that is no function, or one that cannot be read.
pub(crate) struct OtherItem {
    /// Attributes.
    pub(crate) attrs: Vec<Attribute>,
    /// The rest, visibility first.
    pub(crate) tokens: TokenStream,
    /// Why the function that begins here cannot be read.
    pub(crate) error: Option<syn::Error>,
}

impl ImplBlock {
    /// Reads a block; the error is about its header only.
    pub(crate) fn read(item: &TokenStream) -> syn::Result<ImplBlock> {
        let mut header: Vec<TokenTree> = item.clone().into_iter().collect();
        let body = match header.pop() {
            Some(TokenTree::Group(body)) if body.delimiter() == Delimiter::Brace => body,
            _ => {
                return Err(syn::Error::new(
                    Span::call_site(),
                    "expected the braces of the `impl`",
                ));
            }
        };
        let parsed = read_header.parse2(header.iter().cloned().collect())?;
        let (attrs, generics, trait_path, self_ty) = parsed;
        let members = read_members.parse2(body.stream()).unwrap_or_default();
        let skip: usize = attrs.iter().map(|attr| attr.to_token_stream().into_iter().count()).sum();
        let header: TokenStream = header.into_iter().skip(skip).collect();
        let is_impl = |token: &TokenTree| matches!(token, TokenTree::Ident(it) if it == "impl");
        let keyword = header.clone().into_iter().find(is_impl);
        let keyword = keyword.map_or_else(Span::call_site, |token| token.span());
        let braces = body.span();
        Ok(ImplBlock { attrs, generics, trait_path, self_ty, members, keyword, header, braces })
    }

    /// The functions of the block.
    pub(crate) fn functions(&self) -> impl Iterator<Item = &ImplFn> {
        self.members.iter().filter_map(|member| match member {
            Member::Fn(function) => Some(&**function),
            Member::Other(_) => None,
        })
    }
}

impl ToTokens for ImplBlock {
    fn to_tokens(&self, output: &mut TokenStream) {
        let ImplBlock { attrs, header, members, .. } = self;
        let mut body = Group::new(Delimiter::Brace, quote!(#(#members)*));
        body.set_span(self.braces);
        output.extend(quote!(#(#attrs)* #header #body));
    }
}

impl ToTokens for Member {
    fn to_tokens(&self, output: &mut TokenStream) {
        output.extend(match self {
            Member::Fn(function) => {
                let ImplFn { attrs, vis, sig, body } = &**function;
                quote!(#(#attrs)* #vis #sig #body)
            }
            Member::Other(OtherItem { attrs, tokens, .. }) => quote!(#(#attrs)* #tokens),
        });
    }
}

type Header = (Vec<Attribute>, Generics, Option<Type>, Type);

fn read_header(input: ParseStream<'_>) -> syn::Result<Header> {
    let attrs = input.call(Attribute::parse_outer)?;
    input.parse::<Option<Token![unsafe]>>()?;
    input.parse::<Token![impl]>()?;
    let mut generics = input.parse::<Generics>()?;
    input.parse::<Option<Token![!]>>()?;
    let first = input.parse::<Type>()?;
    let (trait_path, self_ty) = match input.parse::<Option<Token![for]>>()? {
        Some(_) => (Some(first), input.parse::<Type>()?),
        None => (None, first),
    };
    generics.where_clause = input.parse::<Option<WhereClause>>()?;
    input.parse::<TokenStream>()?;
    Ok((attrs, generics, trait_path, self_ty))
}

fn read_members(input: ParseStream<'_>) -> syn::Result<Vec<Member>> {
    let mut members = Vec::new();
    while !input.is_empty() {
        let fork = input.fork();
        match fork.call(Attribute::parse_outer) {
            Ok(attrs) => {
                input.advance_to(&fork);
                members.push(read_member(attrs, input)?);
            }
            Err(_) => {
                // `#` with something that is no attribute yet: keep the two tokens.
                let mut tokens = TokenStream::from(input.parse::<TokenTree>()?);
                match input.parse::<Lifetime>() {
                    Ok(lifetime) => lifetime.to_tokens(&mut tokens),
                    Err(_) => tokens.extend(input.parse::<TokenTree>()),
                }
                members.push(Member::Other(OtherItem { attrs: Vec::new(), tokens, error: None }));
            }
        }
    }
    Ok(members)
}

fn read_member(attrs: Vec<Attribute>, input: ParseStream<'_>) -> syn::Result<Member> {
    let mut error = None;
    if is_function(&input.fork()) {
        let fork = input.fork();
        match read_signature(&fork) {
            Ok((vis, sig)) => {
                input.advance_to(&fork);
                let body = match input.peek(syn::token::Brace) || input.peek(Token![;]) {
                    true => input.parse::<TokenTree>()?.into(),
                    false => TokenStream::new(),
                };
                return Ok(Member::Fn(Box::new(ImplFn { attrs, vis, sig, body })));
            }
            Err(reason) => error = Some(reason),
        }
    }
    let mut tokens = TokenStream::new();
    let is_value = input.fork().parse::<Visibility>().is_ok_and(|_| value_follows(input));
    while !input.is_empty() {
        let token = input.parse::<TokenTree>()?;
        let is_end = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_value,
            _ => false,
        };
        tokens.extend([token]);
        if is_end {
            break;
        }
    }
    Ok(Member::Other(OtherItem { attrs, tokens, error }))
}

/// Whether the item here ends with `;` even when braces come first: a constant or a type.
fn value_follows(input: ParseStream<'_>) -> bool {
    let fork = input.fork();
    fork.parse::<Visibility>().is_ok()
        && (fork.peek(Token![const]) || fork.peek(Token![type]) || fork.peek(Token![static]))
        && !is_function(&fork)
}

fn read_signature(input: ParseStream<'_>) -> syn::Result<(Visibility, Signature)> {
    let vis = input.parse()?;
    let mut at = input.cursor();
    let sig: Signature = input.parse()?;
    let mut written = TokenStream::new();
    while at != input.cursor() {
        let Some((token, next)) = at.token_tree() else { break };
        written.extend([token]);
        at = next;
    }
    // `fn f(Vec<u8>)` is read as `fn f(_: Vec<u8>)`, as it was in the Rust of 2015.
    if count(sig.to_token_stream()) > count(written) {
        return Err(syn::Error::new_spanned(&sig.inputs, "a parameter has no name"));
    }
    Ok((vis, sig))
}

/// How many tokens there are, without counting brackets.
fn count(tokens: TokenStream) -> usize {
    let one = |token| match token {
        TokenTree::Group(group) => count(group.stream()),
        _ => 1,
    };
    tokens.into_iter().map(one).sum()
}

/// Whether the words in front of the next name are those of a function.
fn is_function(input: ParseStream<'_>) -> bool {
    let input = input.fork();
    if input.parse::<Visibility>().is_err() {
        return false;
    }
    loop {
        if input.peek(Token![fn]) {
            return true;
        }
        let is_word = input.peek(Token![const])
            || input.peek(Token![async])
            || input.peek(Token![unsafe])
            || input.peek(Token![extern])
            || input.peek(syn::LitStr);
        if !is_word || input.parse::<TokenTree>().is_err() {
            return false;
        }
    }
}

impl OtherItem {
    /// Whether it is an item of another language, such as `def init(n) { .. }`.
    pub(crate) fn is_unreadable(&self) -> bool {
        const BEGINS: [&str; 16] = [
            "async", "auto", "const", "default", "enum", "extern", "fn", "gen", "macro", "mod",
            "safe", "static", "struct", "type", "unsafe", "use",
        ];
        let tokens: Vec<TokenTree> = self.tokens.clone().into_iter().take(3).collect();
        let [TokenTree::Ident(word), TokenTree::Ident(_), TokenTree::Group(list)] = &tokens[..]
        else {
            return false;
        };
        let is_call = list.delimiter() == Delimiter::Parenthesis;
        is_call && word != "pub" && !BEGINS.iter().any(|begin| word == begin)
    }
}

impl ImplFn {
    /// Takes the attributes away for which `is_own` holds, also from the parameters.
    pub(crate) fn strip(&mut self, is_own: impl Fn(&Attribute) -> bool, from: &str) {
        self.attrs.retain(|attr| !is_own(attr));
        for input in &mut self.sig.inputs {
            if let FnArg::Typed(input) = input {
                input.attrs.retain(|attr| !is_word(attr, from));
            }
        }
    }
}

/// Whether the attribute is this one word.
pub(crate) fn is_word(attr: &Attribute, word: &str) -> bool {
    attr.path().segments.last().is_some_and(|segment| segment.ident == word)
}

/// The whole attribute, without its `#`: the span to underline.
pub(crate) fn inside(attr: &Attribute) -> TokenStream {
    attr.meta.to_token_stream()
}
