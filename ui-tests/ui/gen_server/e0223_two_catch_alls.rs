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

    #[handle_info]
    fn unknown(&mut self, message: Message) {}

    #[handle_info]
    fn other(&mut self, message: Message) {} //~ SPAN: other
}

fn main() {}
