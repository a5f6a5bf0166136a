//! The processes of a registry: whoever registers is linked to one of them.

use std::any::Any;

use crate::child_spec::{ChildId, ChildSpec};
use crate::gen_server::{Context, GenServer, InitResult, Next, ServerOptions, ServerRef};
use crate::message::Message;
use crate::name::Name;
use crate::pid::Pid;
use crate::process::block::ProcessRef;
use crate::process::control::Departure;
use crate::process::signal;
use crate::reason::ExitReason;
use crate::registry::kind::{Key, Value};
use crate::registry::store::Store;
use crate::sync::{Arc, AtomicU32, Mutex, Ordering};

/// The registries of a node that have a name.
#[derive(Default)]
pub(crate) struct Registries(papaya::HashMap<Name, Arc<dyn AnyStore>>);

/// A store of any type.
trait AnyStore: Any + Send + Sync {
    fn as_any(&self) -> &dyn Any;
}

impl<K: Key, V: Value> AnyStore for Store<K, V> {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Registries {
    /// Runs `f` with the registry that has this name, if it is one of these types.
    pub(super) fn with<K: Key, V: Value, T>(
        &self,
        name: &Name,
        f: impl FnOnce(&Store<K, V>) -> T,
    ) -> Option<T> {
        let registries = self.0.pin();
        let store: &dyn AnyStore = &**registries.get(name)?;
        store.as_any().downcast_ref().map(f)
    }
}

/// The partitions of a registry. Only the links of those who register are divided among them, and
/// the calls of `dispatch`; the entries lie in concurrent maps.
pub(super) struct Parts {
    processes: Box<[Mutex<Option<ProcessRef>>]>,
    /// How many of them run. Look-ups read it, so it shares no cache line with what changes often.
    open: AtomicU32,
}

impl Parts {
    pub(super) fn new(partitions: usize) -> Parts {
        let processes = (0..partitions).map(|_| Mutex::new(None)).collect();
        Parts { processes, open: AtomicU32::new(0) }
    }

    pub(super) fn len(&self) -> usize {
        self.processes.len()
    }

    /// Whether the registry runs.
    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire) > 0
    }

    /// The partition that a process belongs to.
    pub(super) fn index_of(&self, pid: Pid) -> usize {
        let mixed = u64::from(pid.index()).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        usize::try_from(mixed).unwrap_or(0) % self.processes.len()
    }

    /// The process of the partition that a process belongs to, if it runs.
    pub(super) fn of(&self, pid: Pid) -> Option<ProcessRef> {
        self.processes[self.index_of(pid)].lock().clone()
    }
}

/// A store as its partitions see it.
pub(super) trait Home: Send + Sync {
    fn open(self: Arc<Self>, partition: usize, process: &ProcessRef);
    fn close(self: Arc<Self>, partition: usize);
}

impl<K: Key, V: Value> Home for Store<K, V> {
    fn open(self: Arc<Self>, partition: usize, process: &ProcessRef) {
        *self.parts.processes[partition].lock() = Some(ProcessRef::clone(process));
        self.parts.open.fetch_add(1, Ordering::AcqRel);
        if let Some(name) = &self.name {
            let registries = &process.head().node.registries;
            registries.0.pin().insert(name.clone(), Arc::clone(&self) as Arc<dyn AnyStore>);
        }
    }

    fn close(self: Arc<Self>, partition: usize) {
        let process = self.parts.processes[partition].lock().take();
        let last = self.parts.open.fetch_sub(1, Ordering::AcqRel) == 1;
        if let (true, Some(name), Some(process)) = (last, &self.name, process) {
            let registries = process.head().node.registries.0.pin();
            let is_this = |_: &Name, store: &Arc<dyn AnyStore>| {
                std::ptr::addr_eq(Arc::as_ptr(store), Arc::as_ptr(&self))
            };
            let _ = registries.remove_if(name, is_this);
        }
        self.clear(partition);
    }
}

/// Removes the entries of a partition when its process ends.
struct Closing {
    home: Arc<dyn Home>,
    partition: usize,
}

impl Departure for Closing {
    fn departed(&self, _: Pid) {
        Arc::clone(&self.home).close(self.partition);
    }
}

/// The process of one partition. It does nothing but be linked with.
struct Partition;

/// Which partition of which registry.
#[derive(Clone)]
struct Place {
    home: Arc<dyn Home>,
    partition: usize,
}

impl GenServer for Partition {
    type Args = Place;
    type Request = ();
    type Continue = crate::Never;
    type Client = ServerRef<Partition>;

    const OPTIONS: ServerOptions = ServerOptions::new().trap_exit(true);

    async fn init(place: Place, cx: &mut Context<Partition>) -> InitResult<Partition> {
        let Place { home, partition } = place;
        let process: ProcessRef = Arc::clone(cx.block()) as ProcessRef;
        let closing = Closing { home: Arc::clone(&home), partition };
        if !signal::tell_departure(&*process, Arc::new(closing)) {
            return InitResult::stop(ExitReason::Shutdown); // it has been told to end meanwhile
        }
        home.open(partition, &process);
        InitResult::ok(Partition)
    }

    async fn handle(&mut self, (): (), _: &mut Context<Partition>) -> Next<Partition> {
        Next::wait()
    }

    /// Whoever was registered and ends has been removed already.
    async fn handle_info(&mut self, _: Message, _: &mut Context<Partition>) -> Next<Partition> {
        Next::wait()
    }
}

/// The child that is one partition of a registry.
pub(super) fn child<K: Key, V: Value>(
    store: &Arc<Store<K, V>>,
    partition: usize,
) -> ChildSpec<impl crate::child_spec::Child<Args: crate::child_spec::RestartArgs> + use<K, V>> {
    let home = Arc::clone(store) as Arc<dyn Home>;
    let id = ChildId::from(format!("partition {partition}"));
    ChildSpec::<Partition>::new(Place { home, partition }).id(id)
}
