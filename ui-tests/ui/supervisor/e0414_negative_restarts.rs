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
}

supervisor! {
    Bank {
        strategy: one_for_one,
        max_restarts: -1, //~ SPAN: -1
        children: [Counter(0)],
    }
}

fn main() {}
