//~ ERRORS: 2
#![allow(unused)]

use otp::prelude::*;

use std::collections::HashMap;
use std::hash::Hash;

struct Cache<K, V>(HashMap<K, V>);

#[gen_server]
impl<K: Hash, V> Cache<K, V> //~ SPAN: K
where
    K: Eq,
{
    #[init]
    fn init() -> Self {
        Cache(HashMap::new())
    }

    #[handle_call]
    fn take(&mut self, key: K) -> Option<V> {
        self.0.remove(&key)
    }

    #[handle_cast]
    fn put(&mut self, key: K, value: V, cx: &mut Context<Self>) {
        self.0.insert(key, value);
    }
}

async fn run() {
    let cache = Cache::<String, i64>::start_link().await.unwrap();
    let value = cache.take("a".to_string()).await;
}

fn main() {}
