//~ CODE: E0425
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_info]
    fn tick(&mut self, _: Tick) {} //~ SPAN: Tick
}

fn main() {}
