//~ CODE: E0573
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init(n: i64) -> (Ok, Self) { //~ SPAN: Ok
        (Ok, Counter(n))
    }
}

fn main() {}
