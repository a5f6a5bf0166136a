#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server(name("counter"))] //~ SPAN: ("counter")
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
}

fn main() {}
