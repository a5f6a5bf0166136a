#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Init<Self> {
        Init::ok(Counter(0)).continue_with(1) //~ SPAN: 1
    }
}

fn main() {}
