//! What one process has in a registry.

use crate::process::block::ProcessRef;
use crate::process::signal;
use crate::sync::{Arc, Mutex};

/// The places and keys of a process's entries, in the order of registrations.
pub(super) type Keys<K> = Vec<(u64, Arc<K>)>;

/// The entries of one process. While there are any, it is linked to its partition's process.
pub(super) struct Owned<K> {
    pub(super) process: ProcessRef,
    keys: Mutex<Keys<K>>,
}

impl<K> Owned<K> {
    pub(super) fn new(process: ProcessRef) -> Owned<K> {
        Owned { process, keys: Mutex::new(Vec::new()) }
    }

    /// Notes an entry, and makes the link with the first. `false` when the partition has ended.
    pub(super) fn add(&self, seq: u64, key: Arc<K>, partition: &ProcessRef) -> bool {
        let mut keys = self.keys.lock();
        if keys.is_empty() {
            if !signal::link_quietly(&*self.process, &**partition) {
                return false;
            }
            keys.reserve_exact(1);
        }
        let at = keys.partition_point(|(earlier, _)| *earlier < seq);
        keys.insert(at, (seq, key));
        true
    }

    /// Forgets an entry, and removes the link with the last. Whether it was there.
    pub(super) fn remove(&self, seq: u64, partition: Option<&ProcessRef>) -> bool {
        let mut keys = self.keys.lock();
        let Ok(at) = keys.binary_search_by_key(&seq, |(seq, _)| *seq) else { return false };
        let (_, key) = keys.remove(at);
        if keys.is_empty() {
            self.unlink(partition);
        }
        drop(keys);
        drop(key); // outside the lock
        true
    }

    /// Forgets all entries, and removes the link if there were any and a partition is given.
    pub(super) fn take(&self, partition: Option<&ProcessRef>) -> Keys<K> {
        let mut keys = self.keys.lock();
        if !keys.is_empty() {
            self.unlink(partition);
        }
        std::mem::take(&mut *keys)
    }

    /// The entries as they are now.
    pub(super) fn list(&self) -> Keys<K> {
        self.keys.lock().clone()
    }

    fn unlink(&self, partition: Option<&ProcessRef>) {
        if let Some(partition) = partition {
            signal::unlink_quietly(&*self.process, &**partition);
        }
    }
}
