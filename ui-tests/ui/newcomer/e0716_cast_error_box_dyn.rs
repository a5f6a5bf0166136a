#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_cast]
    fn go(&mut self) -> Result<(), Box<dyn std::error::Error>> { //~ SPAN: Result
        Ok(())
    }
}

fn main() {}
