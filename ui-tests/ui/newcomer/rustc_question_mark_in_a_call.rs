//~ CODE: E0277
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
    fn parse(&self, text: String) -> i64 {
        text.parse::<i64>()? //~ SPAN: ?
    }
}

fn main() {}
