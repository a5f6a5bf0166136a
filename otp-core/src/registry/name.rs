//! Keys of a registry as names of processes.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::child_spec::{Child, ChildSpec};
use crate::gen_server::{GenServer, Start};
use crate::name::Name;
use crate::pid::Pid;
use crate::process::{RegisterError, ViaName, find_pid};
use crate::registry::handle::RegistryRef;
use crate::registry::kind::{Key, Unique, Value};
use crate::registry::module::{RegistryModule, UniqueRegistry};

/// A key of a registry as a name, with the value to register with.
pub(crate) struct InRegistry<K, V> {
    registry: RegistryRef<K, V, Unique>,
    key: K,
    /// `None` in a name that is only looked up.
    value: Option<V>,
}

impl<K: Key, V: Value> InRegistry<K, V> {
    pub(crate) fn new<D>(
        registry: RegistryRef<K, V, D>,
        key: K,
        value: Option<V>,
    ) -> InRegistry<K, V> {
        InRegistry { registry: registry.cast(), key, value }
    }
}

impl<K: Key, V: Value> ViaName for InRegistry<K, V> {
    fn whereis(&self) -> Option<Pid> {
        self.registry.holder(&self.key)
    }

    fn register(&self, pid: Pid) -> Result<(), RegisterError> {
        let process = find_pid(pid).ok_or(RegisterError::NoProc)?;
        let value = self.value.clone().ok_or(RegisterError::NoValue)?;
        self.registry.register_process(&process, self.key.clone(), value).map_err(Into::into)
    }

    /// A process that has ended is removed by the registry itself, which tells no listener.
    fn unregister(&self, pid: Pid) {
        if find_pid(pid).is_some_and(|process| !process.head().is_closed()) {
            self.registry.unregister_process(pid, &self.key);
        }
    }
}

impl<K: Key, V> PartialEq for InRegistry<K, V> {
    /// The value does not count: the name of a process is the key.
    fn eq(&self, other: &InRegistry<K, V>) -> bool {
        self.registry == other.registry && self.key == other.key
    }
}

impl<K: Key, V> Eq for InRegistry<K, V> {}

impl<K: Key, V> Hash for InRegistry<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.registry.hash(state);
        self.key.hash(state);
    }
}

impl<K: Key, V> fmt::Debug for InRegistry<K, V> {
    /// `Users("ann")`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({:?})", self.registry, self.key)
    }
}

impl Name {
    /// The name that a key of a registry is. Whoever is started under it is registered with the
    /// default of the value's type.
    ///
    /// ```
    /// use otp_core::registry::{RegistryModule, Unique, UniqueRegistry};
    /// use otp_core::{Name, process};
    ///
    /// struct Users;
    /// impl RegistryModule for Users {
    ///     type Key = u32;
    ///     type Value = ();
    ///     type Kind = Unique;
    /// }
    /// impl UniqueRegistry for Users {}
    ///
    /// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("d"), async {
    /// Users::options().start_link().await.unwrap();
    /// process::register(process::self_pid(), Name::in_registry::<Users>(7)).unwrap();
    /// assert_eq!(process::whereis(Name::in_registry::<Users>(7)), Some(process::self_pid()));
    /// assert_eq!(Name::in_registry::<Users>(7).to_string(), "Users(7)");
    /// # }) }
    /// ```
    ///
    /// Elixir: `{:via, Registry, {registry, key}}`.
    pub fn in_registry<R: UniqueRegistry>(key: R::Key) -> Name
    where
        R::Value: Default,
    {
        Name::in_registry_with::<R>(key, R::Value::default())
    }

    /// As [`Name::in_registry`], with a value for the entry.
    ///
    /// Elixir: `{:via, Registry, {registry, key, value}}`.
    pub fn in_registry_with<R: UniqueRegistry>(key: R::Key, value: R::Value) -> Name {
        Name::via(InRegistry::new(R::registry(), key, Some(value)))
    }

    /// As [`Name::in_registry`], only for finding who holds it.
    pub(crate) fn find_in_registry<R: RegistryModule>(key: R::Key) -> Name {
        Name::via(InRegistry::new(R::registry(), key, None))
    }
}

impl<S: GenServer> Start<S> {
    /// Registers this server under a key of a registry, with the default of the value's type,
    /// before its `init` runs.
    ///
    /// Elixir: `name: {:via, Registry, {registry, key}}`.
    pub fn via<R: UniqueRegistry>(self, key: R::Key) -> Start<S>
    where
        R::Value: Default,
    {
        self.name(Name::in_registry::<R>(key))
    }

    /// As [`Start::via`], with a value for the entry.
    ///
    /// Elixir: `name: {:via, Registry, {registry, key, value}}`.
    pub fn via_with<R: UniqueRegistry>(self, key: R::Key, value: R::Value) -> Start<S> {
        self.name(Name::in_registry_with::<R>(key, value))
    }
}

impl<S: Child> ChildSpec<S> {
    /// Registers the child under a key of a registry, with the default of the value's type.
    ///
    /// Elixir: `name: {:via, Registry, {registry, key}}`.
    pub fn via<R: UniqueRegistry>(self, key: R::Key) -> ChildSpec<S>
    where
        R::Value: Default,
    {
        self.name(Name::in_registry::<R>(key))
    }

    /// As [`ChildSpec::via`], with a value for the entry.
    ///
    /// Elixir: `name: {:via, Registry, {registry, key, value}}`.
    pub fn via_with<R: UniqueRegistry>(self, key: R::Key, value: R::Value) -> ChildSpec<S> {
        self.name(Name::in_registry_with::<R>(key, value))
    }
}
