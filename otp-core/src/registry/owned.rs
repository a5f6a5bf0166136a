//! What one process has in a registry.

use std::collections::BTreeMap;

use crate::process::block::ProcessRef;
use crate::process::signal;
use crate::sync::{Arc, Mutex};

/// The entries of one process. While there are any, it is linked to its partition's process.
pub(super) struct Owned<K> {
    pub(super) process: ProcessRef,
    keys: Mutex<Keys<K>>,
}

/// Places and keys of entries, in the order of registrations: most processes have one.
enum Keys<K> {
    Few(Vec<(u64, Arc<K>)>),
    Many(BTreeMap<u64, Arc<K>>),
}

const FEW: usize = 16;

impl<K> Keys<K> {
    fn len(&self) -> usize {
        match self {
            Keys::Few(keys) => keys.len(),
            Keys::Many(keys) => keys.len(),
        }
    }

    fn insert(&mut self, seq: u64, key: Arc<K>) {
        match self {
            Keys::Few(keys) if keys.len() < FEW => {
                if keys.is_empty() {
                    keys.reserve_exact(1);
                }
                let at = keys.partition_point(|(earlier, _)| *earlier < seq);
                keys.insert(at, (seq, key));
            }
            Keys::Few(keys) => {
                let mut many = BTreeMap::new();
                many.extend(keys.drain(..));
                many.insert(seq, key);
                *self = Keys::Many(many);
            }
            Keys::Many(keys) => {
                keys.insert(seq, key);
            }
        }
    }

    fn remove(&mut self, seq: u64) -> Option<Arc<K>> {
        match self {
            Keys::Few(keys) => {
                let at = keys.binary_search_by_key(&seq, |(seq, _)| *seq).ok()?;
                Some(keys.remove(at).1)
            }
            Keys::Many(keys) => keys.remove(&seq),
        }
    }

    fn to_vec(&self) -> Vec<(u64, Arc<K>)> {
        match self {
            Keys::Few(keys) => keys.clone(),
            Keys::Many(keys) => keys.iter().map(|(seq, key)| (*seq, Arc::clone(key))).collect(),
        }
    }
}

impl<K> Owned<K> {
    pub(super) fn new(process: ProcessRef) -> Owned<K> {
        Owned { process, keys: Mutex::new(Keys::Few(Vec::new())) }
    }

    /// Notes an entry, and makes the link with the first. `false` when the partition has ended.
    pub(super) fn add(&self, seq: u64, key: Arc<K>, partition: &ProcessRef) -> bool {
        let mut keys = self.keys.lock();
        if keys.len() == 0 && !signal::link_quietly(&*self.process, &**partition) {
            return false;
        }
        keys.insert(seq, key);
        true
    }

    /// Forgets an entry, and removes the link with the last.
    pub(super) fn remove(&self, seq: u64, partition: Option<&ProcessRef>) {
        let mut keys = self.keys.lock();
        let removed = keys.remove(seq);
        if removed.is_some() && keys.len() == 0 {
            self.unlink(partition);
        }
        drop(keys);
        drop(removed); // outside the lock
    }

    /// Forgets all entries, and removes the link if there were any and a partition is given.
    pub(super) fn take(&self, partition: Option<&ProcessRef>) -> Vec<(u64, Arc<K>)> {
        let mut keys = self.keys.lock();
        if keys.len() > 0 {
            self.unlink(partition);
        }
        let taken = std::mem::replace(&mut *keys, Keys::Few(Vec::new()));
        drop(keys);
        taken.to_vec()
    }

    /// The entries as they are now.
    pub(super) fn list(&self) -> Vec<(u64, Arc<K>)> {
        self.keys.lock().to_vec()
    }

    pub(super) fn len(&self) -> usize {
        self.keys.lock().len()
    }

    fn unlink(&self, partition: Option<&ProcessRef>) {
        if let Some(partition) = partition {
            signal::unlink_quietly(&*self.process, &**partition);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Keys;
    use crate::sync::Arc;

    #[test]
    fn keys_stay_in_order_when_they_become_many() {
        let mut keys = Keys::Few(Vec::new());
        for seq in (0..40).rev() {
            keys.insert(seq, Arc::new(seq));
        }
        assert!(matches!(keys, Keys::Many(_)) && keys.len() == 40);
        assert!(keys.to_vec().into_iter().map(|(seq, _)| seq).eq(0..40));
        assert_eq!((keys.remove(7).as_deref(), keys.remove(7), keys.len()), (Some(&7), None, 39));
    }
}
