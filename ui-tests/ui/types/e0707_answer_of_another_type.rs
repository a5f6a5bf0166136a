#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
}

fn by_hand(caller: ReplyTo<String>) -> otp::Next<Counter> {
    otp::Next::answer(caller, 0_i64) //~ SPAN: 0_i64
}

fn main() {}
