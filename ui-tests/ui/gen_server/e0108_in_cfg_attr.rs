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

    #[cfg_attr(unix, handle_call)] //~ SPAN
    fn get(&self) -> i64 {
        self.value
    }
}

fn main() {}
