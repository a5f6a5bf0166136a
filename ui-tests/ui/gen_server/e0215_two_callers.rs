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
    fn get(&self, #[from] a: ReplyTo<i64>, #[from] b: ReplyTo<i64>) { //~ SPAN: #[from]
        a.reply(self.value);
    }
}

fn main() {}
