#![allow(unused)]

use otp::prelude::*;

#[derive(Clone, Copy, Debug)]
struct Counter;

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter
    }
}

#[dynamic_supervisor]
enum Workers { //~ SPAN: enum
    Counter(Counter),
}

fn main() {}
