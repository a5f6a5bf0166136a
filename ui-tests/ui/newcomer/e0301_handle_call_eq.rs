#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_call = "get"] //~ SPAN: handle_call = "get"
    fn get(&self) -> i64 {
        self.0
    }
}

fn main() {}
