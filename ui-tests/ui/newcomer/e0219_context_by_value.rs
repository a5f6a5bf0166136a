#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_call]
    fn get(&mut self, cx: Context<Self>) -> i64 { //~ SPAN: Context<Self>
        0
    }
}

fn main() {}
