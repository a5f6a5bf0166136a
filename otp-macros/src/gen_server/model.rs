//! A server that has been checked: everything the expansion needs and nothing that can be wrong.
//!
//! Types are written so that they mean the same outside of the user's block: `Self` is replaced.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;

use super::types::inside;
use crate::literal::{Restart, Shutdown};
use crate::via::Via;

/// A `#[gen_server]` block.
pub(crate) struct Server {
    /// The path of the library.
    pub(crate) otp: TokenStream,
    /// The `cfg`s of the block.
    pub(crate) cfg: TokenStream,
    /// The word `impl` for the generated blocks: the user's own, when types of the block have names
    /// between angle brackets. The compiler then says the same of an unknown one everywhere.
    pub(crate) keyword: Ident,
    /// Whether it is the user's own.
    pub(crate) has_nested_names: bool,
    /// The type with its arguments, as in the `impl` header.
    pub(crate) self_ty: TokenStream,
    /// The last word of the type.
    pub(crate) name: Ident,
    /// The names of the generated types.
    pub(crate) request: Ident,
    pub(crate) client: Ident,
    pub(crate) generics: Generics,
    pub(crate) options: Settings,
    /// More than one only under different `cfg`s.
    pub(crate) inits: Vec<Init>,
    pub(crate) handlers: Vec<Handler>,
    /// Client methods of handlers that could not be understood fully.
    pub(crate) stubs: Vec<Stub>,
    pub(crate) infos: Vec<Info>,
    /// `handle_continue` functions; more than one only under different `cfg`s.
    pub(crate) continues: Vec<Continue>,
    /// More than one only under different `cfg`s, as of `terminates`.
    pub(crate) hibernates: Vec<Callback>,
    pub(crate) terminates: Vec<Callback>,
    /// Names of functions that the user has written.
    pub(crate) written: Vec<String>,
}

/// The parameters of the block.
#[derive(Default)]
pub(crate) struct Generics {
    /// `K: Hash, V`: with bounds, without the angle brackets.
    pub(crate) declared: Vec<TokenStream>,
    /// `K, V`: without bounds.
    pub(crate) used: Vec<TokenStream>,
    /// The type parameters only.
    pub(crate) types: Vec<TokenStream>,
    /// `where ..` for generated blocks, or nothing.
    pub(crate) where_clause: TokenStream,
    /// `where ..` for the checks of the types that travel.
    pub(crate) asking_where: TokenStream,
    /// `where ..` as the user has written it.
    pub(crate) written_where: TokenStream,
    /// The type parameters of which it is not known whether they can be part of a server.
    pub(crate) doubtful: Vec<Ident>,
}

/// The options of the attribute.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) otp: Option<TokenStream>,
    pub(crate) name: Option<Registered>,
    pub(crate) restart: Option<Restart>,
    pub(crate) shutdown: Option<Shutdown>,
    pub(crate) significant: bool,
    pub(crate) trap_exit: Option<bool>,
    /// Where it says that reports may show the state.
    pub(crate) debug: Option<Span>,
    pub(crate) mailbox: Option<Mailbox>,
    pub(crate) hibernate_after: Option<Duration>,
    /// Whether callers may run the server on their own thread.
    pub(crate) handoff: Option<bool>,
    pub(crate) client: Option<Ident>,
    pub(crate) request: Option<Ident>,
}

/// The limit of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mailbox {
    /// How many requests may wait, from 1.
    pub(crate) capacity: u32,
    /// What becomes of a cast that finds it full, when that is said.
    pub(crate) full: Option<Full>,
    /// What becomes of a call that finds it full, when that is said.
    pub(crate) calls: Option<FullCall>,
}

/// What becomes of a cast that finds the mailbox full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    DropNewest,
    DropOldest,
}

/// What becomes of a call that finds the mailbox full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FullCall {
    Overload,
    Wait,
}

/// The name a server registers under.
pub(crate) enum Registered {
    /// The type.
    Type,
    /// A text.
    Text(syn::LitStr),
    /// A key of a registry, made of the parameters of `#[init]`.
    Via(Via),
}

/// What every callback has.
pub(crate) struct Callback {
    pub(crate) cfg: TokenStream,
    pub(crate) name: Ident,
    /// The `async` token, when there is one.
    pub(crate) is_async: Option<Span>,
    /// Whether it has the state: every callback but `#[init]`.
    pub(crate) has_receiver: bool,
    pub(crate) args: Vec<Arg>,
    /// The return type's span, or the name's.
    pub(crate) output: Span,
    /// Whether it is declared to return `!`.
    pub(crate) diverges: bool,
}

/// One argument of the call of a callback, in the user's order.
pub(crate) enum Arg {
    /// `&mut Context<Self>`.
    Context,
    /// An argument of the message.
    Field(Ident),
    /// The `#[from]` parameter.
    Caller,
    /// The message of an info, the step of a continue, the reason of a terminate.
    Given,
}

/// An argument that travels.
pub(crate) struct Field {
    pub(crate) name: Ident,
    pub(crate) ty: TokenStream,
}

/// `#[init]`.
pub(crate) struct Init {
    pub(crate) callback: Callback,
    pub(crate) vis: TokenStream,
    pub(crate) fields: Vec<Field>,
    /// Whether it may be called; otherwise only its parameters are known.
    pub(crate) is_sound: bool,
}

/// `#[handle_call]` or `#[handle_cast]`.
pub(crate) struct Handler {
    pub(crate) callback: Callback,
    /// `doc`, `deprecated`, `must_use`, `allow`.
    pub(crate) passed: TokenStream,
    pub(crate) vis: TokenStream,
    pub(crate) variant: Ident,
    pub(crate) fields: Vec<Field>,
    pub(crate) kind: Kind,
}

/// What becomes of a handler's result.
pub(crate) enum Kind {
    /// The result is the answer.
    Call {
        /// The type of the answer.
        reply: TokenStream,
        /// The return type, when it could be an alias of `Reply`.
        alias: Option<TokenStream>,
    },
    /// The handler answers through its `#[from]` parameter.
    Deferred {
        /// The type of the answer.
        reply: TokenStream,
    },
    /// Nobody waits.
    Cast,
}

/// A client method without a request.
pub(crate) struct Stub {
    pub(crate) cfg: TokenStream,
    pub(crate) vis: TokenStream,
    pub(crate) name: Ident,
    /// Parameters of the function itself.
    pub(crate) generics: Vec<TokenStream>,
    pub(crate) where_clause: TokenStream,
    pub(crate) types: Vec<TokenStream>,
    pub(crate) is_call: bool,
    /// `None` when the type cannot be told.
    pub(crate) reply: Option<TokenStream>,
}

/// `#[handle_info]`.
pub(crate) struct Info {
    pub(crate) callback: Callback,
    /// `None` for the one that takes every message.
    pub(crate) ty: Option<TokenStream>,
    /// Whether it may be called; otherwise only its message is known.
    pub(crate) is_sound: bool,
}

/// `#[handle_continue]`.
pub(crate) struct Continue {
    pub(crate) callback: Callback,
    /// `()` when the function takes no value.
    pub(crate) ty: TokenStream,
    pub(crate) is_sound: bool,
}

impl Server {
    /// Whether the server has no parameters.
    pub(crate) fn is_concrete(&self) -> bool {
        self.generics.used.is_empty()
    }

    /// The type as it stands between angle brackets in a generated block.
    pub(crate) fn inside(&self, ty: &TokenStream) -> TokenStream {
        if self.has_nested_names { inside(ty) } else { ty.clone() }
    }

    /// The name of a generated type where it is declared.
    pub(crate) fn declared(&self, name: &Ident) -> Ident {
        let mut name = name.clone();
        name.set_span(self.keyword.span());
        name
    }

    /// The name of the type around the step of `#[handle_continue]`.
    pub(crate) fn wrapper(&self) -> Ident {
        format_ident!("{}Continue", self.name, span = self.name.span())
    }
}

impl Continue {
    /// Whether there is only one step, which has no value.
    pub(crate) fn is_unit(&self) -> bool {
        self.ty.to_string() == "()"
    }
}
