//~ CODE: E0425
//~ ERRORS: 2
#![allow(unused)]

use otp::prelude::*;

struct Cache<K>(Vec<K>);
#[gen_server]
impl Cache<K> { //~ SPAN: K
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
