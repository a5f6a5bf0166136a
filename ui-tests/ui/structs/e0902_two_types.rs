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
struct Workers(Counter, u8); //~ SPAN: u8

fn main() {}
