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
    fn handle_call(&mut self, request: &str, from: Caller) -> (i64, Self) { //~ SPAN: &str
        (self.0, Counter(self.0))
    }
}

fn main() {}
