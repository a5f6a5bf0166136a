#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_cast]
    fn run(&mut self, f: impl Future<Output = ()>) {} //~ SPAN: impl Future<Output = ()>
}

fn main() {}
