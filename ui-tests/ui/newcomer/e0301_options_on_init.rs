#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init(name)] //~ SPAN: init(name)
    fn init() -> Self {
        Counter(0)
    }
}

fn main() {}
