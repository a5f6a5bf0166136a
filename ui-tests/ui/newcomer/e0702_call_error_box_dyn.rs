#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_call]
    fn go(&mut self) -> Result<i64, Box<dyn std::error::Error>> { //~ SPAN
        Ok(1)
    }
}

fn main() {}
