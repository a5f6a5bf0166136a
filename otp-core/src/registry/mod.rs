//! Registries: processes found by keys of any type.
//!
//! A registry is a table from keys to processes, each with a value. It forgets a process when that
//! ends, whatever the reason, before anybody hears of the end.
//!
//! ```
//! use otp_core::process;
//! use otp_core::registry::Registry;
//!
//! # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
//! let topics = Registry::duplicate::<String, ()>().start_link().await.unwrap();
//! topics.register("news".to_owned(), ()).unwrap();
//! assert_eq!(topics.broadcast("news", "it rains"), Ok(1));
//! assert_eq!(process::receive_type::<&str>().await, "it rains");
//! # }) }
//! ```
//!
//! In a registry with [`Unique`] keys a key has at most one entry, so keys can be names: see
//! [`Name::in_registry`](crate::Name::in_registry). In one with [`Duplicate`] keys a key may have
//! many, which is publish and subscribe: subscribers register under a topic, and
//! [`RegistryRef::broadcast`] sends to all of them.
//!
//! A process registers itself, and nobody else can change its entries. It is linked to the registry
//! as long as it has entries, so when a registry dies, those who are registered die with it.
//!
//! # How to supervise it
//!
//! A registry is a child like any other, [`Registry::child_spec`], and comes before those who
//! register. Restarted, it is empty, and so is whatever was linked to it.
//!
//! # Names
//!
//! [`Registry::name`]; a registry made by `#[registry(..)]` is named by its type. Each node has its
//! own.
//!
//! # Time-outs
//!
//! Nothing waits but [`RegistryRef::lock`]; `broadcast` does not wait for its receivers, however
//! slow: mailboxes have no limit.
//!
//! # What it costs
//!
//! Look-ups take no lock and write nothing that other readers use. A plain task, which is no
//! process, has to find its node with each call by name; a [`RegistryRef`] that it keeps knows it.
//! What has been removed is not found any more, but the memory of keys and values is given back
//! later, so a value should not be something whose drop matters.
//!
//! # When not to use it
//!
//! For one process by a fixed name, register that name. For data without a process, use a map.

use std::borrow::Cow;

use crate::name::Name;
use crate::pid::Pid;
use crate::process;

mod error;
pub(crate) mod generated;
mod handle;
mod kind;
mod lock;
mod module;
mod name;
mod owned;
mod partition;
mod publish;
mod query;
mod start;
mod store;
mod topic;

pub use error::RegistryError;
pub use handle::RegistryRef;
pub use kind::{Duplicate, Key, Kind, Unique, UniqueKind, Value};
pub use module::{RegistryKey, RegistryModule, UniqueRegistry};
pub(crate) use partition::Registries;
pub use start::{Registry, StartRegistry};

/// One entry, as look-ups show it.
///
/// Elixir: `{pid, value}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry<V = ()> {
    /// The process that has registered.
    pub pid: Pid,
    /// What it has registered with.
    pub value: V,
}

impl<V> Entry<V> {
    /// Sends a message to the process. It never waits and never fails.
    pub fn send<M: Send + 'static>(&self, message: M) {
        process::send(self.pid, message);
    }
}

/// A listener's message: a process has registered. See [`Registry::listener`].
///
/// Elixir: `{:register, registry, key, pid, value}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registered<K, V = ()> {
    /// The name of the registry, if it has one.
    pub registry: Option<Name>,
    /// The key.
    pub key: K,
    /// Who has registered.
    pub pid: Pid,
    /// With what.
    pub value: V,
}

/// A listener's message: a process has taken its entry back. See [`Registry::listener`].
///
/// Elixir: `{:unregister, registry, key, pid}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unregistered<K> {
    /// The name of the registry, if it has one.
    pub registry: Option<Name>,
    /// The key.
    pub key: K,
    /// Whose entry it was.
    pub pid: Pid,
}

impl<K: Key, V: Value, D: Kind> RegistryRef<K, V, D> {
    /// A value that the registry keeps beside its entries; `None` when there is none of this type
    /// under this key.
    ///
    /// ```
    /// # use otp_core::registry::Registry;
    /// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("d"), async {
    /// let users = Registry::unique::<u32, ()>().meta("limit", 9_u8).start_link().await.unwrap();
    /// assert_eq!(users.meta::<u8>("limit"), Ok(Some(9)));
    /// # }) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.meta/2`.
    pub fn meta<T: Value>(&self, key: &str) -> Result<Option<T>, RegistryError> {
        self.with(|store| store.meta.pin().get(key)?.downcast_ref::<T>().cloned())
    }

    /// Puts in a value beside the entries, for every process to read.
    ///
    /// It stays until it is deleted or the registry ends.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.put_meta/3`.
    pub fn put_meta<T: Value>(
        &self,
        key: impl Into<Cow<'static, str>>,
        value: T,
    ) -> Result<(), RegistryError> {
        let key = key.into();
        self.with(|store| {
            store.meta.pin().insert(key, crate::sync::Arc::new(value));
        })
    }

    /// Takes a value out that lies beside the entries. It is no error when there is none.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.delete_meta/2`.
    pub fn delete_meta(&self, key: &str) -> Result<(), RegistryError> {
        self.with(|store| {
            store.meta.pin().remove(key);
        })
    }

    /// Does `work` while nobody else does work under this key in this registry. Work under other
    /// keys goes on beside it.
    ///
    /// The key need not have an entry. Waiting callers take turns in the order in which they came.
    /// The turn ends with the work, however that ends; so a process that dies blocks nobody. Work
    /// that asks for the same key again waits for itself for ever.
    ///
    /// ```
    /// # use otp_core::registry::Registry;
    /// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("d"), async {
    /// let users = Registry::unique::<u32, ()>().start_link().await.unwrap();
    /// assert_eq!(users.lock(7, async { "done" }).await, Ok("done"));
    /// # }) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// # Cancel safety
    ///
    /// A future that is dropped while it waits loses its place; while it works, its work is
    /// dropped.
    ///
    /// Elixir: `Registry.lock/3`.
    pub async fn lock<F: Future>(&self, key: K, work: F) -> Result<F::Output, RegistryError> {
        let store = self.with(store::Store::shared)?.ok_or(RegistryError::NotRunning)?;
        Ok(store.locks.hold(key, work).await)
    }
}
