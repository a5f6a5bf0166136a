#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

#[gen_server(restrat = transient)] //~ SPAN: restrat
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }
}

fn main() {}
