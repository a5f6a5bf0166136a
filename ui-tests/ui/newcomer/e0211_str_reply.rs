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
    fn name(&self) -> &str { //~ SPAN: &str
        "counter"
    }
}

fn main() {}
