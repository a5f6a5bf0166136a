//! Which function of the block has which role.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Meta};

use crate::diag::{Diags, did_you_mean};
use crate::literal::compact;
use crate::sig::{ImplBlock, ImplFn, Member, OtherItem, inside};

/// What a function of the block is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Init,
    Call,
    Cast,
    Info,
    Continue,
    Hibernate,
    Terminate,
}

const ROLES: [(&str, Role); 7] = [
    ("init", Role::Init),
    ("handle_call", Role::Call),
    ("handle_cast", Role::Cast),
    ("handle_info", Role::Info),
    ("handle_continue", Role::Continue),
    ("hibernate", Role::Hibernate),
    ("terminate", Role::Terminate),
];

impl Role {
    /// The attribute's word.
    pub(crate) fn word(self) -> &'static str {
        ROLES.iter().find(|(_, role)| *role == self).map_or("", |(word, _)| word)
    }

    fn from_path(path: &syn::Path, otp: &TokenStream) -> Option<Role> {
        let last = path.segments.last()?;
        let role = ROLES.iter().find(|(word, _)| last.ident == word)?.1;
        let mut prefix = compact(&path.to_token_stream());
        prefix.truncate(prefix.len() - last.ident.to_string().len());
        let prefix = prefix.trim_start_matches("::").trim_end_matches("::");
        let otp = compact(otp);
        let is_ours =
            prefix.is_empty() || prefix == "otp" || prefix == otp.trim_start_matches("::");
        is_ours.then_some(role)
    }

    /// The role an attribute gives, spelled `#[init]` or `#[otp::init]`.
    pub(crate) fn of(attr: &Attribute, otp: &TokenStream) -> Option<Role> {
        Role::from_path(attr.path(), otp)
    }

    /// The role hidden in a `#[cfg_attr(.., init)]`.
    pub(crate) fn hidden(attr: &Attribute) -> Option<Role> {
        let Meta::List(list) = &attr.meta else { return None };
        if !attr.path().is_ident("cfg_attr") {
            return None;
        }
        let pieces = crate::options::split_commas(list.tokens.clone());
        pieces.into_iter().skip(1).find_map(|piece| match piece.into_iter().next() {
            Some(TokenTree::Ident(word)) => {
                ROLES.iter().find(|(name, _)| word == name).map(|(_, role)| *role)
            }
            _ => None,
        })
    }

    /// The role that was probably meant by an attribute that nothing else defines.
    ///
    /// Only single words are looked at: an attribute of the user's own with such a name can be
    /// written with its path.
    pub(crate) fn meant(attr: &Attribute) -> Option<Role> {
        const ELIXIR: [(&str, Role); 5] = [
            ("call", Role::Call),
            ("cast", Role::Cast),
            ("info", Role::Info),
            ("handle", Role::Call),
            ("continue", Role::Continue),
        ];
        const BUILT_IN: [&str; 6] = ["inline", "cold", "test", "ignore", "doc", "cfg"];
        let word = attr.path().get_ident()?.to_string();
        if BUILT_IN.contains(&word.as_str()) || ROLES.iter().any(|(role, _)| *role == word) {
            return None;
        }
        if let Some((_, role)) = ELIXIR.iter().find(|(name, _)| *name == word) {
            return Some(*role);
        }
        let meant = did_you_mean(&word, &ROLES.map(|(word, _)| word))?;
        ROLES.iter().find(|(word, _)| *word == meant).map(|(_, role)| *role)
    }

    fn is_single(self) -> bool {
        matches!(self, Role::Init | Role::Continue | Role::Hibernate | Role::Terminate)
    }
}

/// A function with a role.
pub(crate) struct Found<'a> {
    pub(crate) role: Role,
    /// The attribute, to point at.
    pub(crate) at: TokenStream,
    pub(crate) function: &'a ImplFn,
    /// Whether it must not be called.
    pub(crate) is_broken: bool,
}

/// The functions with roles, in order.
#[derive(Default)]
pub(crate) struct Roles<'a> {
    pub(crate) found: Vec<Found<'a>>,
    /// Whether some `#[init]` was seen, even on something that cannot have it.
    pub(crate) has_init: bool,
}

/// Gives every function its role.
pub(crate) fn assign<'a>(block: &'a ImplBlock, otp: &TokenStream, diags: &mut Diags) -> Roles<'a> {
    let mut roles = Roles::default();
    for member in &block.members {
        match member {
            Member::Fn(function) => roles.function(function, otp, diags),
            Member::Other(other) => roles.other(other, otp, diags),
        }
    }
    roles
}

impl<'a> Roles<'a> {
    fn function(&mut self, function: &'a ImplFn, otp: &TokenStream, diags: &mut Diags) {
        let name = &function.sig.ident;
        let mut first: Option<Found<'a>> = None;
        for attr in &function.attrs {
            let hidden = Role::hidden(attr);
            let known = Role::of(attr, otp).or(hidden);
            let Some(role) = known.or_else(|| Role::meant(attr)) else { continue };
            let at = inside(attr);
            if known.is_none() {
                misspelled(attr, role, diags);
            }
            self.has_init |= role == Role::Init;
            if let Some(first) = &first {
                let message = format!(
                    "`{name}` is already `#[{}]`; a function has one role",
                    first.role.word()
                );
                diags.error(at, "OTP0109", message).help("remove one of the two attributes");
                continue;
            }
            if hidden.is_some() {
                let message = format!(
                    "`#[{}]` cannot be hidden in `#[cfg_attr]`: `#[gen_server]` sees it too early",
                    role.word()
                );
                diags
                    .error(attr.path(), "OTP0108", message)
                    .help("put `#[cfg(..)]` on two versions of the function instead");
            } else if !matches!(attr.meta, Meta::Path(_)) {
                let message = format!("`#[{}]` has no options", role.word());
                diags.error(&at, "OTP0301", message).help("options stand in `#[gen_server(..)]`");
            }
            // Without a body it is half of what was written; the compiler has reported the rest.
            let is_broken = hidden.is_some() || function.body.is_empty();
            first = Some(Found { role, at, function, is_broken });
        }
        let Some(found) = first else { return };
        if !self.is_duplicate(&found, diags) {
            self.found.push(found);
        }
    }

    /// Whether there is a first one already; two that exclude each other by `cfg` may both stand.
    fn is_duplicate(&self, found: &Found<'_>, diags: &mut Diags) -> bool {
        let same = self.found.iter().find(|first| first.role == found.role);
        let Some(first) = same.filter(|_| found.role.is_single()) else { return false };
        if has_cfg(first.function) && has_cfg(found.function) {
            return false;
        }
        let (name, word) = (&first.function.sig.ident, found.role.word());
        if found.role == Role::Init {
            let message =
                "duplicate `#[init]`: a gen_server is initialised by exactly one function";
            let help = format!("`{name}` is already the `#[init]` function; remove this attribute");
            diags.error(&found.at, "OTP0102", message).help(help);
        } else {
            let message = format!("duplicate `#[{word}]`: there is one per gen_server");
            diags
                .error(&found.at, "OTP0112", message)
                .help(format!("merge it into `{name}` (above)"));
        }
        true
    }

    fn other(&mut self, other: &OtherItem, otp: &TokenStream, diags: &mut Diags) {
        let kind = describe(&other.tokens);
        for attr in &other.attrs {
            let Some(role) = Role::of(attr, otp) else { continue };
            self.has_init |= role == Role::Init;
            if other.is_unreadable() {
                continue;
            }
            match &other.error {
                Some(error) => {
                    // The compiler has reported it before, unless it can read more than we can.
                    let at = Ident::new("here", error.span()).into_token_stream();
                    let message = format!("this signature cannot be read: {error}");
                    diags.warn(at, "OTP0115", message, TokenStream::new());
                }
                None => {
                    let word = role.word();
                    let message = format!("`#[{word}]` belongs on a function, not on {kind}");
                    let help = format!("write `#[{word}]` above a `fn`");
                    diags.error(inside(attr), "OTP0107", message).help(help);
                    return;
                }
            }
        }
        if kind == "a macro" {
            diags
                .error(
                    path_of_macro(&other.tokens),
                    "OTP0114",
                    "macros are not expanded before `#[gen_server]` sees this block",
                )
                .help("move it to a second `impl` block");
        }
    }
}

fn misspelled(attr: &Attribute, role: Role, diags: &mut Diags) {
    let (found, word) = (compact(&attr.path().to_token_stream()), role.word());
    let message = format!("there is no attribute `#[{found}]`; did you mean `#[{word}]`?");
    diags.error(attr.path(), "OTP0117", message).help(format!("write `#[{word}]`"));
}

/// The words in front of the `!` of a macro call.
fn path_of_macro(tokens: &TokenStream) -> TokenStream {
    let is_bang = |token: &TokenTree| matches!(token, TokenTree::Punct(it) if it.as_char() == '!');
    tokens.clone().into_iter().take_while(|token| !is_bang(token)).collect()
}

/// What an item is, with its article.
pub(crate) fn describe(tokens: &TokenStream) -> &'static str {
    let mut words = tokens.clone().into_iter().peekable();
    while let Some(token) = words.next() {
        let TokenTree::Ident(word) = &token else { continue };
        let next = words.peek();
        let is_end = |it: &TokenTree| matches!(it, TokenTree::Punct(it) if it.as_char() == ':');
        let head = || tokens.clone().into_iter().take_while(|it| !is_end(it));
        let before_fn = || head().any(|it| it.to_string() == "fn");
        match word.to_string().as_str() {
            "pub" | "default" | "crate" => {}
            "fn" => return "a function",
            "async" | "unsafe" | "extern" | "const" if before_fn() => return "a function",
            "const" => return "a constant",
            "static" => return "a static",
            "type" => return "a type",
            "trait" => return "a trait",
            "mod" => return "a module",
            "use" => return "an import",
            "enum" => return "an enum",
            "struct" => return "a struct",
            "union" => return "a union",
            _ if matches!(next, Some(TokenTree::Punct(it)) if it.as_char() == '!') => {
                return "a macro";
            }
            _ if matches!(next, Some(TokenTree::Punct(it)) if it.as_char() == ':') => {}
            _ => return "something else",
        }
    }
    "something else"
}

/// Whether the function exists only sometimes.
pub(crate) fn has_cfg(function: &ImplFn) -> bool {
    function.attrs.iter().any(|attr| attr.path().is_ident("cfg"))
}

/// The attributes of the given names, as tokens.
pub(crate) fn attributes(attrs: &[Attribute], names: &[&str]) -> TokenStream {
    let is_named = |attr: &&Attribute| names.iter().any(|name| attr.path().is_ident(name));
    attrs.iter().filter(is_named).map(ToTokens::to_token_stream).collect()
}
