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

#[dynamic_supervisor(max_children = 0)] //~ SPAN: 0
struct Workers(Counter);

fn main() {}
