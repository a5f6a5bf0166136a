#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_call] //~ SPAN: handle_call
    const GET: fn(&Counter) -> i64 = |counter| counter.0;
}

fn main() {}
