#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

impl Counter {
    #[init] //~ SPAN: #[init]
    fn init() -> Self {
        Counter(0)
    }
}

fn main() {}
