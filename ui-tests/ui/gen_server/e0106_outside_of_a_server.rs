#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

impl Counter {
    #[handle_call] //~ SPAN: #[handle_call]
    fn get(&self) -> i64 {
        self.value
    }
}

fn main() {}
