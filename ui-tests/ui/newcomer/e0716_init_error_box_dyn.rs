#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Result<Self, Box<dyn std::error::Error>> { //~ SPAN: Result
        Ok(Counter(1))
    }
}

fn main() {}
