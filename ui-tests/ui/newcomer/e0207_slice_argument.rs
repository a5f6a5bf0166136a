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
    fn add_all(&mut self, all: &[i64]) {} //~ SPAN: &[i64]
}

fn main() {}
