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

    #[handle_cast]
    fn add(&mut self, n: i64, #[from] caller: ReplyTo<i64>) { //~ SPAN: #[from]
        self.value += n;
    }
}

fn main() {}
