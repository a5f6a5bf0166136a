#![allow(unused)]

use otp::prelude::*;

type Answer = Reply<i64>;

struct Counter;

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter
    }

    #[handle_call]
    fn get(&self) -> Answer { //~ SPAN: Answer
        reply(0)
    }
}

fn main() {}
