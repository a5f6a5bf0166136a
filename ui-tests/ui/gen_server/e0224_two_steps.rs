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

    #[handle_continue]
    fn load(&mut self, a: i64, b: i64) { //~ SPAN
        self.value = a + b;
    }
}

fn main() {}
