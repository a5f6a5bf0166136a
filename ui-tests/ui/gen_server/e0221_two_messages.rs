#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

#[gen_server]
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_info]
    fn tick(&mut self, a: Timeout, b: Timeout) {} //~ SPAN
}

fn main() {}
