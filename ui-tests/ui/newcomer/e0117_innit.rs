#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[innit] //~ SPAN: innit
    fn init() -> Self {
        Counter(0)
    }
}

fn main() {}
