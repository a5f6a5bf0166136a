//! A key-value store for keys and values of any type.

use std::collections::HashMap;
use std::hash::Hash;

use otp::prelude::*;

/// Keeps values by key, as long as it runs.
pub(crate) struct KvStore<K, V> {
    entries: HashMap<K, V>,
}

#[gen_server(name)]
impl<K, V> KvStore<K, V>
where
    K: Hash + Eq + Send + 'static,
    V: Clone + Send + 'static,
{
    #[init]
    pub(crate) fn init() -> Self {
        KvStore { entries: HashMap::new() }
    }

    /// The value of a key, if it has one.
    #[handle_call]
    pub(crate) fn fetch(&self, key: K) -> Option<V> {
        self.entries.get(&key).cloned()
    }

    /// Gives a key a value.
    #[handle_cast]
    pub(crate) fn put(&mut self, key: K, value: V) {
        self.entries.insert(key, value);
    }
}
