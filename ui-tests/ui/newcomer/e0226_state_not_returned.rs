#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init(initial: i64) { //~ SPAN: init
        Counter(initial);
    }
}

fn main() {}
