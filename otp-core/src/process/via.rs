//! Names that a registry keeps, in place of the node's own table.

use std::any::Any;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::pid::Pid;
use crate::process::RegisterError;
use crate::sync::Arc;

/// A name that is kept somewhere else than in the node's own table of names: in a registry, or by
/// whatever else implements this.
///
/// Wherever a name is accepted, [`Name::via`](crate::Name::via) makes one of it: a server can be
/// started under it, called, monitored and found again after a restart.
///
/// ```
/// use std::sync::{LazyLock, Mutex};
/// use std::collections::HashMap;
/// use otp_core::process::{RegisterError, ViaName};
/// use otp_core::{Name, Pid, process};
///
/// static DESKS: LazyLock<Mutex<HashMap<u32, Pid>>> = LazyLock::new(Mutex::default);
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// struct Desk(u32);
///
/// impl ViaName for Desk {
///     fn whereis(&self) -> Option<Pid> {
///         DESKS.lock().unwrap().get(&self.0).copied().filter(|pid| process::is_alive(*pid))
///     }
///     fn register(&self, pid: Pid) -> Result<(), RegisterError> {
///         match self.whereis() {
///             Some(holder) => Err(RegisterError::Taken(holder)),
///             None => { DESKS.lock().unwrap().insert(self.0, pid); Ok(()) }
///         }
///     }
///     fn unregister(&self, pid: Pid) {
///         DESKS.lock().unwrap().retain(|_, holder| *holder != pid);
///     }
/// }
///
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// process::register(process::self_pid(), Name::via(Desk(7))).unwrap();
/// process::send(Name::via(Desk(7)), "hello");
/// assert_eq!(process::receive_type::<&str>().await, "hello");
/// # }) }
/// ```
///
/// Its methods are called in the runtime that the name is used in, without a lock, and must not
/// wait.
///
/// Elixir: a module that can stand in `{:via, module, name}`.
pub trait ViaName: fmt::Debug + Send + Sync + 'static {
    /// The process that holds the name. A process that has ended holds nothing.
    ///
    /// Elixir: `whereis_name/1`.
    fn whereis(&self) -> Option<Pid>;

    /// Gives the name to a process.
    ///
    /// # Errors
    ///
    /// Another process holds it, or there is nothing that could keep it.
    ///
    /// Elixir: `register_name/2`.
    fn register(&self, pid: Pid) -> Result<(), RegisterError>;

    /// Takes the name from a process; nothing happens when that does not hold it.
    ///
    /// It is also called for each process that was registered through a [`Name`](crate::Name) when
    /// that process ends, before anybody hears of it.
    ///
    /// Elixir: `unregister_name/1`.
    fn unregister(&self, pid: Pid);
}

/// A [`ViaName`] of any type, as a [`Name`](crate::Name) holds it.
#[derive(Clone)]
pub struct Via(Arc<dyn AnyVia>);

impl Via {
    pub(crate) fn new<V: ViaName + Eq + Hash>(name: V) -> Via {
        Via(Arc::new(name))
    }
}

/// What [`Via`] needs beyond [`ViaName`].
trait AnyVia: ViaName {
    fn as_any(&self) -> &dyn Any;
    fn same(&self, other: &dyn AnyVia) -> bool;
    fn digest(&self) -> u64;
}

impl<V: ViaName + Eq + Hash> AnyVia for V {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn same(&self, other: &dyn AnyVia) -> bool {
        other.as_any().downcast_ref::<V>() == Some(self)
    }

    fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

impl ViaName for Via {
    fn whereis(&self) -> Option<Pid> {
        self.0.whereis()
    }

    fn register(&self, pid: Pid) -> Result<(), RegisterError> {
        self.0.register(pid)
    }

    fn unregister(&self, pid: Pid) {
        self.0.unregister(pid);
    }
}

impl PartialEq for Via {
    fn eq(&self, other: &Via) -> bool {
        self.0.same(&*other.0)
    }
}

impl Eq for Via {}

impl Hash for Via {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.digest().hash(state);
    }
}

impl fmt::Debug for Via {
    /// As the name itself prints.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
