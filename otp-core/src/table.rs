//! The process table of a node: from pid to process.

use std::cell::Cell;
use std::num::NonZeroU64;

use crate::pid::Pid;
use crate::process::block::{Process, ProcessRef};
use crate::sync::{Arc, AtomicU32, Ordering, RwLock};

/// How many independently locked parts the table has. A power of two.
const SHARDS: u32 = 32;

/// Every live process of a node.
///
/// A slot is used again after its process has ended, under the next generation, so an old pid never
/// finds a new process.
pub(crate) struct Table {
    node: u32,
    shards: Box<[Shard]>,
}

/// One part of the table, alone on its cache lines.
#[derive(Default)]
#[repr(align(128))]
struct Shard(RwLock<Slots>);

#[derive(Default)]
struct Slots {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

struct Slot {
    generation: NonZeroU64,
    process: Option<ProcessRef>,
}

impl Table {
    pub(crate) fn new(node: u32) -> Table {
        Table { node, shards: (0..SHARDS).map(|_| Shard::default()).collect() }
    }

    /// Makes a process for a fresh pid and enters it, so that the pid is valid before anyone else
    /// can see it.
    pub(crate) fn insert<P: Process>(&self, make: impl FnOnce(Pid) -> Arc<P>) -> Arc<P> {
        let shard = home_shard();
        let mut slots = self.shards[shard as usize].0.write();
        let place = match slots.free.pop() {
            Some(place) => place,
            None => {
                let place = u32::try_from(slots.slots.len()).expect("fewer than 2^32 processes");
                slots.slots.push(Slot { generation: NonZeroU64::MIN, process: None });
                place
            }
        };
        let slot = &mut slots.slots[place as usize];
        let process = make(Pid::new(self.node, place * SHARDS + shard, slot.generation));
        slot.process = Some(Arc::clone(&process) as ProcessRef);
        process
    }

    /// The process that `pid` names, if it has not left the table.
    pub(crate) fn get(&self, pid: Pid) -> Option<ProcessRef> {
        if pid.node() != self.node {
            return None;
        }
        let slots = self.shards[(pid.index() % SHARDS) as usize].0.read();
        let slot = slots.slots.get((pid.index() / SHARDS) as usize)?;
        if slot.generation == pid.generation() { slot.process.clone() } else { None }
    }

    /// Takes a process out; its pid is never valid again.
    pub(crate) fn remove(&self, pid: Pid) {
        let place = pid.index() / SHARDS;
        let removed = {
            let mut slots = self.shards[(pid.index() % SHARDS) as usize].0.write();
            let Some(slot) = slots.slots.get_mut(place as usize) else { return };
            if slot.generation != pid.generation() {
                return;
            }
            slot.generation = slot.generation.saturating_add(1);
            let removed = slot.process.take();
            slots.free.push(place);
            removed
        };
        drop(removed); // outside the lock: this may be the last reference
    }

    /// All live processes, in no order that means anything.
    pub(crate) fn all(&self) -> Vec<ProcessRef> {
        let mut all = Vec::new();
        for shard in &self.shards {
            let slots = shard.0.read();
            all.extend(slots.slots.iter().filter_map(|slot| slot.process.clone()));
        }
        all
    }
}

/// The shard in which this thread enters its new processes.
fn home_shard() -> u32 {
    static THREADS: AtomicU32 = AtomicU32::new(0);
    thread_local! {
        static HOME: Cell<Option<u32>> = const { Cell::new(None) };
    }
    HOME.try_with(|home| {
        home.get().unwrap_or_else(|| {
            let shard = THREADS.fetch_add(1, Ordering::Relaxed) % SHARDS;
            home.set(Some(shard));
            shard
        })
    })
    .unwrap_or(0)
}
