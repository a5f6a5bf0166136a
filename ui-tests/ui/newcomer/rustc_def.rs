//~ CODE: expected one of `!` or `::`, found `init`
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    def init(n: i64) -> Self { //~ SPAN: init
        Counter(n)
    }
}

fn main() {}
