#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_call(timeout = 5s)] //~ SPAN: handle_call(timeout = 5s)
    fn get(&self) -> i64 {
        self.0
    }
}

fn main() {}
