#![allow(unused)]

use otp::prelude::*;

struct Cache<K>(Vec<K>);
#[gen_server]
impl<K: Send> Cache<K> { //~ SPAN: K
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
