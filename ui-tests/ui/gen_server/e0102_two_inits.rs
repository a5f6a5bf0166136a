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

    #[init] //~ SPAN: init
    fn init_at_zero() -> Self {
        Counter { value: 0 }
    }
}

fn main() {}
