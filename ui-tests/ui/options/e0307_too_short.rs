#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

#[gen_server(shutdown = 0.5us)] //~ SPAN: 0.5us
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }
}

fn main() {}
