//! What a `supervisor!` means once everything wrong with it has been reported.
//!
//! A model cannot be wrong: whatever could not be read was replaced by something that compiles.

use proc_macro2::{Group, Ident, TokenStream};

use crate::literal::{Restart, Shutdown};

/// A whole macro call.
#[derive(Debug)]
pub(super) struct Model {
    /// The path of the library: `::otp`.
    pub(super) otp: TokenStream,
    /// The type to make; without one the macro call is a value.
    pub(super) item: Option<Item>,
    /// What it supervises.
    pub(super) tree: Tree,
}

/// The type that names a supervisor.
#[derive(Debug)]
pub(super) struct Item {
    /// Everything the user wrote above it.
    pub(super) attrs: TokenStream,
    /// The `#[cfg(..)]` among them, for the other items.
    pub(super) cfgs: TokenStream,
    /// Whether the user derives `Debug`.
    pub(super) has_debug: bool,
    /// The visibility of the type and of its functions.
    pub(super) vis: TokenStream,
    /// Its name.
    pub(super) name: Ident,
    /// The parameters, when all of them can be used.
    pub(super) params: Params,
}

/// The parameters of a supervisor.
#[derive(Debug)]
pub(super) enum Params {
    /// Names and types.
    Good(Vec<(Ident, TokenStream)>),
    /// At least one was reported. The functions keep their number of arguments, so that calls
    /// elsewhere stay correct, and take anything where the type is not known.
    Faulty(Vec<(Ident, Option<TokenStream>)>),
}

/// A supervisor and its children.
#[derive(Debug)]
pub(super) struct Tree {
    /// The constructor's name, with the user's span.
    pub(super) strategy: Ident,
    /// `max_restarts`.
    pub(super) max_restarts: Option<TokenStream>,
    /// `max_seconds`.
    pub(super) max_seconds: Option<TokenStream>,
    /// The variant of `AutoShutdown`.
    pub(super) auto_shutdown: Option<Ident>,
    /// `backoff`.
    pub(super) backoff: Option<TokenStream>,
    /// The children, in start order.
    pub(super) entries: Vec<Entry>,
}

/// One entry of `children`.
#[derive(Debug)]
pub(super) enum Entry {
    /// A child.
    Child(Box<Child>),
    /// What is left of an entry that was reported: expressions that are checked and never run, so
    /// that names in it still resolve and complete.
    Probe(Vec<TokenStream>),
}

/// A child of a supervisor.
#[derive(Debug)]
pub(super) struct Child {
    /// The `#[cfg(..)]` of the entry.
    pub(super) cfgs: TokenStream,
    /// What to start.
    pub(super) start: Start,
    /// What the entry changes in the child's specification.
    pub(super) settings: Settings,
    /// The expression after `if`.
    pub(super) condition: Option<TokenStream>,
}

/// Where a child's specification comes from.
#[derive(Debug)]
pub(super) enum Start {
    /// `Path::child_spec(args)`.
    Path {
        /// The path, written as in an expression.
        path: TokenStream,
        /// The parenthesised arguments.
        args: Group,
    },
    /// A supervisor written inside this one.
    Nested {
        /// Its name, which is also its id.
        name: Ident,
        /// Its children.
        tree: Tree,
    },
}

/// Changes to a child's specification.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// `id`.
    pub(super) id: Option<TokenStream>,
    /// `restart`.
    pub(super) restart: Option<Restart>,
    /// `shutdown`.
    pub(super) shutdown: Option<Shutdown>,
    /// `significant`.
    pub(super) significant: Option<bool>,
    /// `name`.
    pub(super) name: Option<TokenStream>,
}
