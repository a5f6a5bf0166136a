#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_cal] //~ SPAN: handle_cal
    fn get(&self) -> i64 {
        self.0
    }
}

fn main() {}
