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

    #[handle_call]
    #[handle_cast] //~ SPAN: handle_cast
    fn reset(&mut self) {
        self.value = 0;
    }
}

fn main() {}
