#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Option<Self> { //~ SPAN: Option
        Some(Counter(0))
    }
}

fn main() {}
