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
        auto_shutdown: any_significant,
        children: [
            Counter(0) { restart: permanent, significant: true }, //~ SPAN: permanent
        ],
    }
}

fn main() {}
