#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_call]
    fn sum(&self, all: &Vec<i64>) -> i64 { //~ SPAN: &Vec<i64>
        0
    }
}

fn main() {}
