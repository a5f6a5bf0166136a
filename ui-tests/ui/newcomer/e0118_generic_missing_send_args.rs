#![allow(unused)]

use otp::prelude::*;

struct Cache<K>(Vec<K>);
#[gen_server]
impl<K> Cache<K> { //~ SPAN: K
    #[init]
    fn init() -> Self {
        Cache(vec![])
    }
    #[handle_call]
    fn get(&self, key: K) -> Option<K> {
        None
    }
    #[handle_cast]
    fn put(&mut self, key: K) {
        self.0.push(key);
    }
}

fn main() {}
