//! Bounds, where clauses, constants and `'static` in the parameters of a server.

#![deny(warnings)]

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

use otp::prelude::*;

pub struct Cache<K, V: Clone, const SIZE: usize>
where
    K: Hash + Eq,
{
    entries: HashMap<K, V>,
}

#[gen_server]
impl<K, V: Clone + Send + Sync + 'static, const SIZE: usize> Cache<K, V, SIZE>
where
    K: Hash + Eq + Debug + Send + Sync + 'static,
    Vec<V>: Send,
{
    #[init]
    pub fn init() -> Self {
        Cache { entries: HashMap::with_capacity(SIZE) }
    }

    #[handle_call]
    pub fn get(&self, key: K) -> Option<V> {
        self.entries.get(&key).cloned()
    }

    #[handle_call]
    pub async fn put(&mut self, key: K, value: V) -> bool {
        self.entries.len() < SIZE && self.entries.insert(key, value).is_none()
    }

    #[handle_call]
    pub fn sizes(&self) -> [usize; SIZE] {
        [self.entries.len(); SIZE]
    }

    #[handle_cast]
    pub fn merge(&mut self, name: &'static str, other: HashMap<K, V>) {
        let _ = name;
        self.entries.extend(other);
    }
}

pub struct Ring<const SIZE: usize>([u8; SIZE]);

#[gen_server]
impl<const SIZE: usize> Ring<SIZE> {
    #[init]
    pub fn init() -> Self {
        Ring([0; SIZE])
    }

    #[handle_call]
    pub fn all(&self) -> [u8; SIZE] {
        self.0
    }
}

#[otp::main]
async fn main() {
    let cache = Cache::<String, u8, 2>::start_link().await.unwrap();
    assert_eq!(cache.put("a".to_owned(), 1).await, Ok(true));
    assert_eq!(cache.get("a".to_owned()).await, Ok(Some(1)));
    assert_eq!(cache.sizes().await, Ok([1, 1]));
    cache.merge("other", HashMap::new());
    let ring = Ring::<3>::start_link().await.unwrap();
    assert_eq!(ring.all().await, Ok([0; 3]));
}
