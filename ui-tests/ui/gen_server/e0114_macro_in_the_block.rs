#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

macro_rules! handlers {
    () => {};
}

#[gen_server]
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    handlers!(); //~ SPAN: handlers
}

fn main() {}
