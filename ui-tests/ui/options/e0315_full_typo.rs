#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

#[gen_server(mailbox(capacity = 100, full = drop_oldst))] //~ SPAN: drop_oldst
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }
}

fn main() {}
