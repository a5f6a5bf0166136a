#![allow(unused)]

use otp::prelude::*;

struct Tick;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_info]
    fn tick(&mut self, _: Tick) {}

    #[handle_info]
    fn tock(&mut self, _: Tick) {} //~ SPAN: Tick
}

fn main() {}
