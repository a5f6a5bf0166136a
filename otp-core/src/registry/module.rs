//! Types that stand for a registry, as `#[registry(..)]` makes them.

use crate::name::Name;
use crate::registry::handle::RegistryRef;
use crate::registry::kind::{Key, Kind, Unique, Value};
use crate::registry::start::Registry;

/// A type that stands for a registry, which is named by it.
///
/// `#[registry(unique)] struct Users(String);` writes this:
///
/// ```
/// use otp_core::registry::{Registry, RegistryKey, RegistryModule, Unique, UniqueRegistry};
///
/// struct Users;
///
/// impl RegistryModule for Users {
///     type Key = String;
///     type Value = ();
///     type Kind = Unique;
/// }
/// impl UniqueRegistry for Users {}
/// impl RegistryKey<Users> for String {
///     fn into_key(self) -> String {
///         self
///     }
/// }
///
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// Users::options().start_link().await.unwrap();
/// Users::registry().register("ann".to_owned(), ()).unwrap();
/// # }) }
/// ```
///
/// Elixir: the name of a registry.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a registry",
    label = "no `#[registry(..)] struct {Self}` was found",
    note = "a registry is declared by `#[registry(unique)] struct Users(String);`",
    note = "OTP0719"
)]
pub trait RegistryModule: Sized + 'static {
    /// The type of its keys.
    type Key: Key;
    /// The type of its entries' values; `()` when there are none.
    type Value: Value;
    /// [`Unique`](crate::registry::Unique) or [`Duplicate`](crate::registry::Duplicate).
    type Kind: Kind;

    /// With how many partitions it starts.
    const PARTITIONS: usize = 1;

    /// The options with which it starts.
    fn options() -> Registry<Self::Key, Self::Value, Self::Kind> {
        Registry::with_defaults().name(Name::of::<Self>()).partitions(Self::PARTITIONS)
    }

    /// The registry, found at each use on the node where it is used.
    fn registry() -> RegistryRef<Self::Key, Self::Value, Self::Kind> {
        RegistryRef::here(Name::of::<Self>())
    }
}

/// A [`RegistryModule`] with unique keys, so that its keys can be names.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot give names: it is not a registry with unique keys",
    label = "names need `#[registry(unique)]`",
    note = "a key of a `#[registry(duplicate)]` may have many processes, so it names none of them",
    note = "OTP0720"
)]
pub trait UniqueRegistry: RegistryModule<Kind = Unique> {}

/// The type of the keys of a [`RegistryModule`]: what `via(Users, key)` takes.
#[diagnostic::on_unimplemented(
    message = "the keys of `{R}` have another type than this name, which has `{Self}`",
    label = "not the type of the keys of `{R}`",
    note = "`#[registry(..)] struct {R}(Key);` says what its keys are",
    note = "OTP0714"
)]
pub trait RegistryKey<R: RegistryModule> {
    /// The key itself.
    fn into_key(self) -> R::Key;
}
