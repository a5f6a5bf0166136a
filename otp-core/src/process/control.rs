//! The control part of a process: its phase, links, monitors and name.
//!
//! It is a plain data structure: nothing here locks, wakes or sends.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::task::Waker;

use crate::message::{Down, Message, Target};
use crate::name::Name;
use crate::pid::Pid;
use crate::process::MonitorRef;
use crate::process::alias::Closing;
use crate::process::dict::Slot;
use crate::process::lineage::Lineage;
use crate::process::via::Via;
use crate::reason::ExitReason;
use crate::sync::Arc;

/// How far a process is on its way to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// It takes messages and signals.
    Running,
    /// It has a reason to end and takes nothing more; its future is about to be dropped.
    Closed,
    /// It has left the table, and everybody has been told.
    Dead,
}

/// What signals act on.
pub(crate) struct Control {
    pub(crate) phase: Phase,
    /// The process waits for a message and must be woken by the next one.
    pub(crate) parked: bool,
    pub(crate) trap_exit: bool,
    rare: Option<Box<Rare>>,
}

/// What only some processes have.
#[derive(Default)]
pub(crate) struct Rare {
    pub(crate) reason: Option<ExitReason>,
    pub(crate) name: Option<Name>,
    /// What registries keep for it.
    pub(crate) kept: Option<Box<Kept>>,
    pub(crate) label: Option<String>,
    pub(crate) links: PidSet,
    /// Processes that this one has started and linked, in that order. Only roots keep it.
    pub(crate) started: Vec<Pid>,
    /// The monitors that this process has on others.
    pub(crate) monitors: BTreeMap<MonitorRef, Watched>,
    /// The monitors that others have on this process.
    pub(crate) monitored_by: BTreeMap<MonitorRef, Watcher>,
    /// The aliases that are open.
    pub(crate) aliases: BTreeMap<u64, Closing>,
    /// What the processes that this one starts have as their ancestors, while its name stays.
    pub(crate) lineage: Option<Arc<Lineage>>,
    /// The processes on whose behalf this one works.
    pub(crate) callers: Vec<Pid>,
    /// The process dictionary.
    pub(crate) dict: Slot,
    /// More messages than this may not wait.
    pub(crate) max_queue_len: Option<usize>,
    /// Tasks to wake when the process is dead.
    pub(crate) waiters: Waiters,
    /// Messages that earlier selective receives have looked at and left.
    pub(crate) saved: VecDeque<Message>,
    /// What a bounded mailbox counts.
    pub(crate) bounded: Option<Box<Bounded>>,
    /// What it lets others see without asking it.
    pub(crate) shown: Option<Arc<dyn Any + Send + Sync>>,
    /// Things to drop after the exit has been announced.
    pub(crate) buried: Vec<Box<dyn Any + Send>>,
    /// The type of a server, with its path.
    #[cfg(feature = "metrics")]
    pub(crate) server: Option<&'static str>,
    /// With what the running callback is to fail; see `signal::give_up`.
    pub(crate) given_up: Option<ExitReason>,
}

/// What registries keep for a process.
#[derive(Default)]
pub(crate) struct Kept {
    /// The names that they keep for it.
    pub(crate) vias: Vec<Via>,
    /// Who else has to know when it ends, before anybody else hears of that.
    pub(crate) departures: Vec<Arc<dyn Departure>>,
}

/// Something that holds what belongs to a process, and lets go of it when the process ends.
pub(crate) trait Departure: Send + Sync {
    /// The process has closed. It is called without a lock, maybe more than once.
    fn departed(&self, pid: Pid);
}

impl Rare {
    /// What registries keep for the process, made if there is nothing.
    pub(crate) fn kept(&mut self) -> &mut Kept {
        self.kept.get_or_insert_with(Box::default)
    }

    /// The names that registries keep for the process.
    pub(crate) fn vias(&self) -> &[Via] {
        self.kept.as_ref().map_or(&[], |kept| &kept.vias)
    }
}

/// A monitor as the process that watches keeps it.
pub(crate) struct Watched {
    /// The process that is watched; `None` when a name had no holder.
    pub(crate) pid: Option<Pid>,
    /// What to make of the `Down`, if something else is wanted.
    pub(crate) tag: Option<Tag>,
}

/// Makes another message out of a `Down`. It runs no user code.
pub(crate) type Tag = Box<dyn FnOnce(Down) -> Message + Send>;

/// The counts of a bounded mailbox.
#[derive(Default)]
pub(crate) struct Bounded {
    /// Requests that wait in the mailbox.
    pub(crate) waiting: u32,
    /// Casts that were dropped because it was full.
    pub(crate) dropped: u64,
    /// Tasks that wait for a place.
    pub(crate) queue: Waiters,
}

/// Who watches, and what it asked for.
#[derive(Clone)]
pub(crate) struct Watcher {
    pub(crate) pid: Pid,
    pub(crate) target: Target,
}

impl Control {
    pub(crate) fn new(trap_exit: bool) -> Control {
        Control { phase: Phase::Running, parked: false, trap_exit, rare: None }
    }

    /// The rare part, made if there is none.
    pub(crate) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_with(Box::default)
    }

    /// The rare part, if there is one.
    pub(crate) fn get_rare(&self) -> Option<&Rare> {
        self.rare.as_deref()
    }

    pub(crate) fn get_rare_mut(&mut self) -> Option<&mut Rare> {
        self.rare.as_deref_mut()
    }

    /// Gives the process its reason to end, unless it has one already.
    pub(crate) fn close(&mut self, reason: ExitReason) -> bool {
        if self.phase != Phase::Running {
            return false;
        }
        self.phase = Phase::Closed;
        self.rare().reason = Some(reason);
        true
    }

    /// Why the process ends or ended.
    pub(crate) fn reason(&self) -> Option<&ExitReason> {
        self.get_rare().and_then(|rare| rare.reason.as_ref())
    }

    pub(crate) fn name(&self) -> Option<&Name> {
        self.get_rare().and_then(|rare| rare.name.as_ref())
    }

    /// Takes a monitor out, and closes the alias that goes with it.
    pub(crate) fn unwatch(&mut self, monitor: MonitorRef) -> Option<Watched> {
        let rare = self.get_rare_mut()?;
        let watched = rare.monitors.remove(&monitor)?;
        let alias = rare.aliases.get(&monitor.number);
        if alias.is_some_and(|closing| closing.ends_with_monitor()) {
            rare.aliases.remove(&monitor.number);
        }
        Some(watched)
    }

    /// Removes a link; whether there was one.
    pub(crate) fn unlink(&mut self, peer: Pid) -> bool {
        self.get_rare_mut().is_some_and(|rare| rare.links.remove(peer))
    }
}

/// A set of pids: short lists by searching, long ones by a tree.
#[derive(Debug)]
pub(crate) enum PidSet {
    Few(Vec<Pid>),
    Many(BTreeSet<Pid>),
}

const FEW: usize = 16;

impl Default for PidSet {
    fn default() -> PidSet {
        PidSet::Few(Vec::new())
    }
}

impl PidSet {
    pub(crate) fn insert(&mut self, pid: Pid) {
        match self {
            PidSet::Few(pids) if pids.contains(&pid) => {}
            PidSet::Few(pids) if pids.len() < FEW => pids.push(pid),
            PidSet::Few(pids) => {
                let mut many = BTreeSet::new();
                many.extend(pids.drain(..));
                many.insert(pid);
                *self = PidSet::Many(many);
            }
            PidSet::Many(pids) => {
                pids.insert(pid);
            }
        }
    }

    pub(crate) fn remove(&mut self, pid: Pid) -> bool {
        match self {
            PidSet::Few(pids) => match pids.iter().position(|other| *other == pid) {
                Some(at) => {
                    pids.remove(at);
                    true
                }
                None => false,
            },
            PidSet::Many(pids) => pids.remove(&pid),
        }
    }

    pub(crate) fn to_vec(&self) -> Vec<Pid> {
        match self {
            PidSet::Few(pids) => pids.clone(),
            PidSet::Many(pids) => pids.iter().copied().collect(),
        }
    }
}

/// Wakers with a place each, so that entering and leaving cost the same however many there are.
///
/// A place stays its owner's until the owner leaves it, also when its waker has been taken.
#[derive(Default)]
pub(crate) struct Waiters {
    places: Vec<Place>,
    free: Vec<usize>,
}

#[derive(Default)]
struct Place {
    owned: bool,
    waker: Option<Waker>,
}

impl Waiters {
    pub(crate) fn enter(&mut self, waker: Waker) -> usize {
        let taken = Place { owned: true, waker: Some(waker) };
        match self.free.pop() {
            Some(place) => {
                self.places[place] = taken;
                place
            }
            None => {
                self.places.push(taken);
                self.places.len() - 1
            }
        }
    }

    /// Sees to it that a place holds a waker of this task.
    pub(crate) fn refresh(&mut self, place: usize, waker: &Waker) {
        if let Some(place) = self.places.get_mut(place) {
            if !place.waker.as_ref().is_some_and(|old| old.will_wake(waker)) {
                place.waker = Some(waker.clone());
            }
        }
    }

    pub(crate) fn leave(&mut self, place: usize) {
        if self.places.get(place).is_some_and(|place| place.owned) {
            self.places[place] = Place::default();
            self.free.push(place);
        }
        if self.free.len() == self.places.len() {
            *self = Waiters::default();
        }
    }

    /// Takes all wakers; each is to be woken. The places stay.
    pub(crate) fn take(&mut self) -> Vec<Waker> {
        self.places.iter_mut().filter_map(|place| place.waker.take()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{PidSet, Waiters};
    use crate::pid::Pid;
    use std::num::NonZeroU64;
    use std::task::Waker;

    #[test]
    fn a_pid_set_behaves_the_same_when_it_grows() {
        let pid = |index| Pid::new(1, index, NonZeroU64::MIN);
        let mut set = PidSet::default();
        for index in 0..40 {
            set.insert(pid(index));
            set.insert(pid(index));
            assert_eq!(set.to_vec().len(), index as usize + 1);
        }
        assert!(set.remove(pid(7)) && !set.remove(pid(7)));
        assert_eq!(set.to_vec().len(), 39);
    }

    #[test]
    fn a_waiter_that_leaves_gives_its_place_to_the_next() {
        let mut waiters = Waiters::default();
        let first = waiters.enter(Waker::noop().clone());
        let second = waiters.enter(Waker::noop().clone());
        waiters.leave(first);
        waiters.leave(first);
        assert_eq!(waiters.enter(Waker::noop().clone()), first);
        assert_ne!(first, second);
        assert_eq!((waiters.take().len(), waiters.take().len()), (2, 0));
        waiters.refresh(second, Waker::noop()); // still its owner's
        assert_eq!(waiters.take().len(), 1);
    }
}
