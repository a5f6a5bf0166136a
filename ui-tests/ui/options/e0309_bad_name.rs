#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

#[gen_server(name = 5)] //~ SPAN: 5
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }
}

fn main() {}
