//~ ERRORS: 0
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[terminate]
    fn terminate(&mut self) {} //~ SPAN: terminate
}

fn main() {}
