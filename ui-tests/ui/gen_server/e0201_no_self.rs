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
    fn get() -> i64 { //~ SPAN: get
        0
    }
}

fn main() {}
