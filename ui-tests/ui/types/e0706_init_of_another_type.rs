#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init(initial: i64) -> i64 { //~ SPAN: i64
        initial
    }
}

fn main() {}
