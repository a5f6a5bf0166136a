#![allow(unused)]

use otp::prelude::*;

#[registry(duplicate)]
struct Topics(u64);

struct Worker(u64);

#[gen_server(name = via(Topics, id))] //~ SPAN: Topics
impl Worker {
    #[init]
    fn init(id: u64) -> Self {
        Worker(id)
    }
}

fn main() {}

// REG-21: names through a registry with duplicate keys are refused.
