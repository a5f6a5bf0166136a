#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter { //~ SPAN: Counter
    fn new() -> Self {
        Counter(0)
    }

    #[handle_call]
    fn get(&self) -> i64 {
        self.0
    }
}

fn main() {}
