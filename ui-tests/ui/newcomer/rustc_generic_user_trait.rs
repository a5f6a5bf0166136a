//~ CODE: E0277
#![allow(unused)]

use otp::prelude::*;

trait Key {}
struct Cache<K>(Vec<K>);
#[gen_server]
impl<K: Key> Cache<K> { //~ SPAN: K
    #[init]
    fn init() -> Self {
        Cache(vec![])
    }
    #[handle_call]
    fn get(&self) -> i64 {
        0
    }
}

fn main() {}
