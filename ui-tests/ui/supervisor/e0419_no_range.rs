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
        backoff: 5s, //~ SPAN: 5s
        children: [Counter(0)],
    }
}

fn main() {}
