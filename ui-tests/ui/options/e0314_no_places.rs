#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

#[gen_server(mailbox(capacity = 0))] //~ SPAN: 0
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }
}

fn main() {}
