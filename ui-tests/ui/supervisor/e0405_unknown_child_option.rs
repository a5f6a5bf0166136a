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
        children: [Counter(0) { restrat: transient }], //~ SPAN: restrat
    }
}

fn main() {}

// SUP-SPEC-06: an option that does not exist is an error, not something to pass over.
