#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

#[gen_server]
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    fn get_value(&self) -> i64 {
        self.value
    }

    #[handle_call]
    fn get__value(&self) -> i64 { //~ SPAN: get__value
        self.value
    }
}

fn main() {}
