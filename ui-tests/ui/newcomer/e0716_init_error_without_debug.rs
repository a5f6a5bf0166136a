#![allow(unused)]

use otp::prelude::*;

struct Failed;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Result<Self, Failed> { //~ SPAN: Result
        Ok(Counter(0))
    }
}

fn main() {}
