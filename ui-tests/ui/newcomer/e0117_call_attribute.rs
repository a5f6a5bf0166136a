#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[call] //~ SPAN: call
    fn get(&self) -> i64 {
        self.0
    }
}

fn main() {}
