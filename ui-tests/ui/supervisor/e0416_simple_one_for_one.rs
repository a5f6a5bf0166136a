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
        strategy: simple_one_for_one, //~ SPAN: simple_one_for_one
        children: [],
    }
}

fn main() {}
