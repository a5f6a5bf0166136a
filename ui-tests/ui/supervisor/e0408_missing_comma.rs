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

struct Users;

#[gen_server]
impl Users {
    #[init]
    fn init() -> Self {
        Users
    }
}

supervisor! {
    Bank {
        strategy: one_for_one,
        children: [
            Users Counter(0), //~ SPAN
        ],
    }
}

fn main() {}
