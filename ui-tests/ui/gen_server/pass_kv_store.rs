//! A generic server with answers that come later.

use std::collections::HashMap;
use std::hash::Hash;

use otp::prelude::*;

pub struct KvStore<K, V> {
    entries: HashMap<K, V>,
    waiting: Vec<(K, ReplyTo<V>)>,
}

#[gen_server]
impl<K, V> KvStore<K, V>
where
    K: Hash + Eq + Clone + Send + 'static,
    V: Clone + Send + 'static,
{
    #[init]
    pub fn init() -> Self {
        KvStore { entries: HashMap::new(), waiting: Vec::new() }
    }

    #[handle_call]
    pub fn get(&self, key: K) -> Option<V> {
        self.entries.get(&key).cloned()
    }

    /// Waits until `key` has a value. The server stays free: it answers from `put`.
    #[handle_call]
    pub fn wait_for(&mut self, key: K, #[from] caller: ReplyTo<V>) {
        match self.entries.get(&key) {
            Some(value) => caller.reply(value.clone()),
            None => self.waiting.push((key, caller)),
        }
    }

    #[handle_cast]
    pub fn put(&mut self, key: K, value: V) {
        let waiting = std::mem::take(&mut self.waiting);
        let (ready, waiting): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|w| w.0 == key);
        self.waiting = waiting;
        for (_, caller) in ready {
            caller.reply(value.clone());
        }
        self.entries.insert(key, value);
    }

    #[handle_call]
    pub fn delete(&mut self, key: K) -> Option<V> {
        self.entries.remove(&key)
    }
}

fn main() {
    let mut store = KvStore::<&'static str, u32>::init();
    store.put("one", 1);
    assert_eq!(store.get("one"), Some(1));
    assert_eq!(store.get("two"), None);
}
