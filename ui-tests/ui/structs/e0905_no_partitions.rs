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

#[partition_supervisor(partitions = 8)]
struct Counters; //~ SPAN: Counters

fn main() {}
