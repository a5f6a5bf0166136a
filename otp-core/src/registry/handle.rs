//! The handle of a registry: registering and looking up.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use crate::name::Name;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::{ProcessRef, holder};
use crate::process::current;
use crate::registry::Entry;
use crate::registry::error::RegistryError;
use crate::registry::kind::{Duplicate, Key, Kind, Unique, UniqueKind, Value};
use crate::registry::name::InRegistry;
use crate::registry::store::Store;
use crate::sync::Arc;

/// The handle of a registry: one that was started, or whichever has a name.
///
/// A key can be given in any borrowed form, so that a registry with `String` keys is asked with
/// `&str`. Everything that can meet a registry which is not running returns a `Result`; that is the
/// only error of a look-up.
///
/// ```
/// use otp_core::process;
/// use otp_core::registry::{Registry, RegistryError, RegistryRef};
///
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// let users: RegistryRef<String> = RegistryRef::named("users");
/// assert_eq!(users.lookup("ann"), Err(RegistryError::NotRunning));
///
/// let _running = Registry::unique::<String, ()>().name("users").start_link().await.unwrap();
/// users.register("ann".to_owned(), ()).unwrap();
/// let found = users.lookup("ann").unwrap().map(|entry| entry.pid);
/// assert_eq!(found, Some(process::self_pid()));
/// # }) }
/// ```
///
/// Elixir: what the functions of `Registry` take, an atom.
pub struct RegistryRef<K, V = (), D = Unique>(At<K, V>, PhantomData<fn() -> D>);

enum At<K, V> {
    Store {
        store: Arc<Store<K, V>>,
        pid: Pid,
    },
    /// By name, on this node or on the one where it is used.
    Named(Name, Option<Arc<Node>>),
}

impl<K, V, D> RegistryRef<K, V, D> {
    pub(super) fn of_store(store: Arc<Store<K, V>>, pid: Pid) -> RegistryRef<K, V, D> {
        RegistryRef(At::Store { store, pid }, PhantomData)
    }

    /// The registry that has a name where the handle is used.
    pub(super) fn here(name: Name) -> RegistryRef<K, V, D> {
        RegistryRef(At::Named(name, None), PhantomData)
    }

    /// The same handle under another kind, which the caller knows to be the right one.
    pub(super) fn cast<E>(self) -> RegistryRef<K, V, E> {
        RegistryRef(self.0, PhantomData)
    }

    /// The registry that has a name, found again at each use.
    ///
    /// Made outside a tokio runtime it finds the registry only when used inside one.
    pub fn named(name: impl Into<Name>) -> RegistryRef<K, V, D> {
        RegistryRef(At::Named(name.into(), Node::current()), PhantomData)
    }

    /// The pid of the supervisor that a registry is; `None` when its name has no holder.
    pub fn pid(&self) -> Option<Pid> {
        match &self.0 {
            At::Store { pid, .. } => Some(*pid),
            At::Named(name, Some(node)) => holder(node, name).map(|it| it.head().pid),
            At::Named(name, None) => {
                Node::with_current(|node| holder(node, name).map(|it| it.head().pid))?
            }
        }
    }
}

impl<K: Key, V: Value, D: Kind> RegistryRef<K, V, D> {
    /// Runs `f` with the registry's store.
    pub(super) fn with<T>(&self, f: impl FnOnce(&Store<K, V>) -> T) -> Result<T, RegistryError> {
        let found = match &self.0 {
            At::Store { store, .. } if store.parts.is_open() => Some(f(store)),
            At::Store { .. } => None,
            At::Named(name, Some(node)) => node.registries.with(name, f),
            At::Named(name, None) => {
                Node::with_current(|node| node.registries.with(name, f)).flatten()
            }
        };
        found.ok_or(RegistryError::NotRunning)
    }

    /// Registers the running process under a key, with a value.
    ///
    /// It stays registered until it says otherwise or ends, and is linked to the registry so long.
    ///
    /// # Errors
    ///
    /// [`RegistryError::AlreadyRegistered`] when keys are unique and this one is taken, also by the
    /// process itself; [`RegistryError::NotRunning`]; [`RegistryError::NoProcess`] in a plain task.
    ///
    /// Elixir: `Registry.register/3`.
    pub fn register(&self, key: K, value: V) -> Result<(), RegistryError> {
        let process = current::get().ok_or(RegistryError::NoProcess)?;
        self.with(|store| store.register(&process, key, value))?
    }

    /// As [`RegistryRef::register`], on behalf of a process.
    pub(super) fn register_process(
        &self,
        process: &ProcessRef,
        key: K,
        value: V,
    ) -> Result<(), RegistryError> {
        self.with(|store| store.register(process, key, value))?
    }

    /// Takes back the entries of the running process under a key. It is no error when there are
    /// none; the entries of other processes stay.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.unregister/2`.
    pub fn unregister<Q>(&self, key: &Q) -> Result<(), RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.unregister_match(key, |_| true)
    }

    /// As [`RegistryRef::unregister`], but only the entries for whose value `leaves` is true.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`].
    ///
    /// Elixir: `Registry.unregister_match/4`.
    pub fn unregister_match<Q>(
        &self,
        key: &Q,
        leaves: impl FnMut(&V) -> bool,
    ) -> Result<(), RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let own = current::pid();
        self.with(|store| {
            if let Some(own) = own {
                store.unregister(own, key, leaves);
            }
        })
    }

    /// Takes back the entry of a process under a key.
    pub(super) fn unregister_process(&self, pid: Pid, key: &K) {
        // A registry that does not run has no entries.
        let _ = self.with(|store| store.unregister(pid, key, |_| true));
    }

    /// Puts another value, made from the old one, into the running process's entry; returns the new
    /// and the old one.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotOwner`] when the process has no entry under this key;
    /// [`RegistryError::NotRunning`]; [`RegistryError::NoProcess`] in a plain task.
    ///
    /// Elixir: `Registry.update_value/3`.
    pub fn update_value<Q>(
        &self,
        key: &Q,
        change: impl FnOnce(&V) -> V,
    ) -> Result<(V, V), RegistryError>
    where
        D: UniqueKind,
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let own = current::pid().ok_or(RegistryError::NoProcess)?;
        self.with(|store| store.update(own, key, change))?
    }

    /// A name that the registry keeps, with the key as the name and a value for the entry, for
    /// [`Start::name`](crate::Start::name) and wherever else a name is taken.
    ///
    /// Elixir: `{:via, Registry, {registry, key, value}}`.
    pub fn via(&self, key: K, value: V) -> Name
    where
        D: UniqueKind,
    {
        Name::via(InRegistry::new(self.clone(), key, Some(value)))
    }
}

impl<K: Key, V: Value> RegistryRef<K, V, Unique> {
    /// The entry of a key. It never shows a process that has ended or was told to.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`]; a key without an entry is `Ok(None)`.
    ///
    /// Elixir: `Registry.lookup/2`.
    pub fn lookup<Q>(&self, key: &Q) -> Result<Option<Entry<V>>, RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.with(|store| {
            store.one(key, |held| Entry { pid: held.pid(), value: held.value.clone() })
        })
    }

    /// The holder of a key.
    pub(super) fn holder(&self, key: &K) -> Option<Pid> {
        self.with(|store| store.one(key, |held| held.pid())).ok().flatten()
    }
}

impl<K: Key, V: Value> RegistryRef<K, V, Duplicate> {
    /// The entries of a key, in the order of their registration.
    ///
    /// A process that is told to end at this moment may still be among them.
    ///
    /// # Errors
    ///
    /// [`RegistryError::NotRunning`]; a key without entries gives an empty list.
    ///
    /// Elixir: `Registry.lookup/2`.
    pub fn lookup<Q>(&self, key: &Q) -> Result<Vec<Entry<V>>, RegistryError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.with(|store| store.entries(key, |_, _| true))
    }
}

impl<K, V, D> Clone for RegistryRef<K, V, D> {
    fn clone(&self) -> RegistryRef<K, V, D> {
        let at = match &self.0 {
            At::Store { store, pid } => At::Store { store: Arc::clone(store), pid: *pid },
            At::Named(name, node) => At::Named(name.clone(), node.clone()),
        };
        RegistryRef(at, PhantomData)
    }
}

/// The name of a registry, or else the process.
impl<K, V, D> RegistryRef<K, V, D> {
    fn identity(&self) -> Result<&Name, Pid> {
        match &self.0 {
            At::Named(name, _) => Ok(name),
            At::Store { store, pid } => store.name.as_ref().ok_or(*pid),
        }
    }
}

impl<K, V, D> PartialEq for RegistryRef<K, V, D> {
    /// Two handles are equal when they have the same name, or are of the same nameless registry.
    fn eq(&self, other: &RegistryRef<K, V, D>) -> bool {
        self.identity() == other.identity()
    }
}

impl<K, V, D> Eq for RegistryRef<K, V, D> {}

impl<K, V, D> Hash for RegistryRef<K, V, D> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

impl<K, V, D> fmt::Display for RegistryRef<K, V, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.identity() {
            Ok(name) => fmt::Display::fmt(name, f),
            Err(pid) => fmt::Display::fmt(&pid, f),
        }
    }
}

impl<K, V, D> fmt::Debug for RegistryRef<K, V, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegistryRef({self})")
    }
}
