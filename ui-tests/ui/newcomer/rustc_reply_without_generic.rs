//~ CODE: E0107
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_call]
    fn get(&self) -> Reply { //~ SPAN: Reply
        reply(1)
    }
}

fn main() {}
