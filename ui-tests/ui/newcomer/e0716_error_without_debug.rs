#![allow(unused)]

use otp::prelude::*;

struct Failed;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_cast]
    fn fail(&mut self) -> Result<(), Failed> { //~ SPAN: Result
        Err(Failed)
    }
}

fn main() {}
