//! Starting a registry.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use crate::child_spec::{Child, ChildId, ChildSpec, Started};
use crate::gen_server::StartError;
use crate::message::Dest;
use crate::name::Name;
use crate::process::block::ProcessRef;
use crate::reason::ExitReason;
use crate::registry::handle::RegistryRef;
use crate::registry::kind::{Duplicate, Key, Kind, Unique, Value};
use crate::registry::partition;
use crate::registry::store::{Meta, Store};
use crate::supervisor::{
    StartSupervisor, Strategy, Supervisor, SupervisorRef, supervisor_settings,
};
use crate::sync::Arc;

/// A registry that is about to be started: its options.
///
/// ```
/// use otp_core::registry::{Registry, RegistryError};
///
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// let users = Registry::unique::<String, u32>().name("users").start_link().await.unwrap();
/// users.register("ann".to_owned(), 7).unwrap();
/// assert_eq!(users.lookup("ann").unwrap().map(|entry| entry.value), Some(7));
/// assert_eq!(users.lookup("bob"), Ok(None));
/// # }) }
/// ```
///
/// Elixir: the options of `Registry.start_link/1`.
#[must_use = "it is no registry until it is started"]
pub struct Registry<K, V = (), D = Unique> {
    name: Option<Name>,
    partitions: usize,
    listeners: Vec<Dest>,
    meta: Vec<(Cow<'static, str>, Arc<dyn Any + Send + Sync>)>,
    _types: PhantomData<Types<K, V, D>>,
}

/// Types that something is about, without holding a value of them.
type Types<K, V, D> = fn() -> (K, V, D);

impl Registry<()> {
    /// A registry in which a key has at most one entry.
    ///
    /// Elixir: `keys: :unique`.
    pub fn unique<K: Key, V: Value>() -> Registry<K, V, Unique> {
        Registry::with_defaults()
    }

    /// A registry in which a key may have many entries.
    ///
    /// Elixir: `keys: :duplicate`.
    pub fn duplicate<K: Key, V: Value>() -> Registry<K, V, Duplicate> {
        Registry::with_defaults()
    }
}

impl<K: Key, V: Value, D: Kind> Registry<K, V, D> {
    /// One partition, no name, no listeners.
    pub(super) fn with_defaults() -> Registry<K, V, D> {
        Registry {
            name: None,
            partitions: 1,
            listeners: Vec::new(),
            meta: Vec::new(),
            _types: PhantomData,
        }
    }

    /// Registers the registry itself under this name, by which
    /// [`RegistryRef::named`] finds it.
    ///
    /// Elixir: `name:`.
    pub fn name(mut self, name: impl Into<Name>) -> Registry<K, V, D> {
        self.name = Some(name.into());
        self
    }

    /// Divides the links to those who register among so many processes, at least one; a start with
    /// zero fails.
    ///
    /// It changes no result, and how often `dispatch` calls its function. It pays when many
    /// processes register at the same time.
    ///
    /// Elixir: `partitions:`.
    pub fn partitions(mut self, partitions: usize) -> Registry<K, V, D> {
        self.partitions = partitions;
        self
    }

    /// Sends a [`Registered`](crate::registry::Registered) message to this process for each
    /// registration, and an [`Unregistered`](crate::registry::Unregistered) one when a process
    /// takes its entry back. A process that ends is not told of: monitor it.
    ///
    /// Elixir: `listeners:`.
    pub fn listener(mut self, listener: impl Into<Dest>) -> Registry<K, V, D> {
        self.listeners.push(listener.into());
        self
    }

    /// Puts in a value beside the entries; see [`RegistryRef::meta`].
    ///
    /// Elixir: `meta:`.
    pub fn meta<T: Value>(
        mut self,
        key: impl Into<Cow<'static, str>>,
        value: T,
    ) -> Registry<K, V, D> {
        self.meta.push((key.into(), Arc::new(value)));
        self
    }

    /// Starts the registry, linked to the running process.
    ///
    /// Elixir: `Registry.start_link/1`.
    pub fn start_link(self) -> StartRegistry<K, V, D> {
        StartRegistry(Stage::New { registry: self, link: true })
    }

    /// Starts the registry without a link.
    pub fn start(self) -> StartRegistry<K, V, D> {
        StartRegistry(Stage::New { registry: self, link: false })
    }

    /// Makes the registry a child of a supervisor. Restarted, it is empty.
    ///
    /// Elixir: `Registry.child_spec/1`.
    pub fn child_spec(self, id: impl Into<ChildId>) -> ChildSpec<Registry<K, V, D>> {
        ChildSpec::with_settings(self, supervisor_settings(id.into()))
    }

    /// The store, and the supervisor that will keep it open.
    fn build(self) -> Result<(Arc<Store<K, V>>, Supervisor), StartError> {
        if self.partitions == 0 {
            let fault = "a registry needs at least one partition";
            return Err(StartError::Exit(ExitReason::error(fault)));
        }
        let meta = Meta::default();
        self.meta.into_iter().for_each(|(key, value)| {
            meta.pin().insert(key, value);
        });
        let name = self.name.clone();
        let store = Store::new(name, D::UNIQUE, self.partitions, self.listeners, meta);
        // The partitions of unique keys depend on each other: a key's holder may belong to any.
        let strategy = if D::UNIQUE { Strategy::OneForAll } else { Strategy::OneForOne };
        let mut supervisor = Supervisor::new(strategy);
        if let Some(name) = self.name {
            supervisor = supervisor.name(name);
        }
        for index in 0..self.partitions {
            supervisor = supervisor.child(partition::child(&store, index));
        }
        Ok((store, supervisor))
    }
}

impl<K, V, D> Clone for Registry<K, V, D> {
    fn clone(&self) -> Registry<K, V, D> {
        Registry {
            name: self.name.clone(),
            partitions: self.partitions,
            listeners: self.listeners.clone(),
            meta: self.meta.clone(),
            _types: PhantomData,
        }
    }
}

impl<K, V, D> fmt::Debug for Registry<K, V, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("name", &self.name)
            .field("partitions", &self.partitions)
            .field("listeners", &self.listeners)
            .finish_non_exhaustive()
    }
}

impl<K: Key, V: Value, D: Kind> Child for Registry<K, V, D> {
    type Args = Registry<K, V, D>;
    type Client = RegistryRef<K, V, D>;

    async fn start(
        args: Registry<K, V, D>,
        name: Option<Name>,
    ) -> Result<Started<Registry<K, V, D>>, StartError> {
        start_child(args, name).await
    }
}

/// Starts a registry as the child `C` of the running supervisor.
pub(crate) async fn start_child<C, K: Key, V: Value, D: Kind>(
    mut registry: Registry<K, V, D>,
    name: Option<Name>,
) -> Result<Started<C>, StartError>
where
    C: Child<Client = RegistryRef<K, V, D>>,
{
    if let Some(name) = name {
        registry = registry.name(name);
    }
    let (store, supervisor) = registry.build()?;
    let running: SupervisorRef = supervisor.start_link().await?;
    let Some(block) = running.resolve() else {
        unreachable!("a start returns the handle of a process")
    };
    let process: ProcessRef = block;
    let handle = RegistryRef::of_store(store, process.head().pid);
    Ok(Started::new(process, handle))
}

/// A registry that is being started: a future of its handle.
///
/// # Errors
///
/// The name is taken, or there are no partitions.
#[must_use = "nothing is started until it is awaited"]
pub struct StartRegistry<K: Key, V: Value, D: Kind>(Stage<K, V, D>);

enum Stage<K, V, D> {
    New { registry: Registry<K, V, D>, link: bool },
    Starting { store: Arc<Store<K, V>>, start: StartSupervisor },
    Over,
}

impl<K: Key, V: Value, D: Kind> StartRegistry<K, V, D> {
    /// Registers the registry under another name than its own.
    pub fn name(mut self, name: impl Into<Name>) -> StartRegistry<K, V, D> {
        if let Stage::New { registry, .. } = &mut self.0 {
            registry.name = Some(name.into());
        }
        self
    }
}

impl<K: Key, V: Value, D: Kind> Future for StartRegistry<K, V, D> {
    type Output = Result<RegistryRef<K, V, D>, StartError>;

    fn poll(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Self::Output> {
        if let Stage::New { .. } = self.0 {
            let Stage::New { registry, link } = std::mem::replace(&mut self.0, Stage::Over) else {
                unreachable!("it was looked at just now")
            };
            let (store, supervisor) = registry.build()?;
            let start = if link { supervisor.start_link() } else { supervisor.start() };
            self.0 = Stage::Starting { store, start };
        }
        let Stage::Starting { store, start } = &mut self.0 else {
            return Poll::Ready(Err(StartError::Ignore));
        };
        let Poll::Ready(started) = Pin::new(start).poll(task) else { return Poll::Pending };
        let pid = started?.pid().ok_or(StartError::Exit(ExitReason::NoProc))?;
        Poll::Ready(Ok(RegistryRef::of_store(Arc::clone(store), pid)))
    }
}

impl<K: Key, V: Value, D: Kind> fmt::Debug for StartRegistry<K, V, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StartRegistry")
    }
}
