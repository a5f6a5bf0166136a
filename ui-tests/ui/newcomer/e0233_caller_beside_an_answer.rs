#![allow(unused)]

use otp::prelude::*;

pub struct Counter {
    value: i64,
}

#[gen_server(name)]
impl Counter {
    #[init]
    pub fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    pub fn get(&self, from: ReplyTo<i64>) -> i64 { //~ SPAN: from: ReplyTo<i64>
        self.value
    }
}

fn main() {}
