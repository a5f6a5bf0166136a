//! What keys and values must be, and the two kinds of registries.

use std::fmt::Debug;
use std::hash::Hash;

/// What can be a key: every type with these traits is.
///
/// Keys are compared by their type and value. `Hash`, `Eq` and `Clone` of a key run inside the
/// registry, so they must not wait.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the key of a registry",
    label = "keys must be `Clone + Eq + Hash + Debug + Send + Sync + 'static`",
    note = "add `#[derive(Clone, PartialEq, Eq, Hash, Debug)]` to `{Self}`"
)]
pub trait Key: Clone + Eq + Hash + Debug + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Eq + Hash + Debug + Send + Sync + 'static> Key for T {}

/// What can be the value of an entry: every type with these traits is.
///
/// Look-ups return clones, so put what is large in an `Arc`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a registry's entry",
    label = "values must be `Clone + Send + Sync + 'static`",
    note = "add `#[derive(Clone)]` to `{Self}`, or put what it holds into an `Arc`"
)]
pub trait Value: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + Sync + 'static> Value for T {}

/// How many entries a key may have: [`Unique`] or [`Duplicate`].
pub trait Kind: sealed::Sealed + Send + Sync + 'static {
    /// Whether a key has at most one entry.
    const UNIQUE: bool;
}

/// A kind of registry in which a key has at most one entry, so that keys can be names.
#[diagnostic::on_unimplemented(
    message = "this needs a registry with unique keys",
    label = "the registry has `{Self}` keys: one of them may have many entries",
    note = "`Registry::unique()` and `#[registry(unique)]` make registries with unique keys",
    note = "OTP0720"
)]
pub trait UniqueKind: Kind {}

/// Stands for a registry in which a key has at most one entry.
///
/// Elixir: `keys: :unique`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {}

/// Stands for a registry in which a key may have many entries, several of one process included.
///
/// Elixir: `keys: :duplicate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicate {}

impl Kind for Unique {
    const UNIQUE: bool = true;
}

impl Kind for Duplicate {
    const UNIQUE: bool = false;
}

impl UniqueKind for Unique {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Unique {}
    impl Sealed for super::Duplicate {}
}
