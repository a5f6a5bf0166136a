#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

#[gen_server]
impl Counter { //~ SPAN: Counter
    #[handle_call]
    fn get(&self) -> i64 {
        self.value
    }
}

fn main() {}
