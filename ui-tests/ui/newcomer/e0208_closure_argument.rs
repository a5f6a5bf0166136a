#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_cast]
    fn update(&mut self, change: impl FnOnce(i64) -> i64) {} //~ SPAN: impl FnOnce(i64) -> i64
}

fn main() {}
