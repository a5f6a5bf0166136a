#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server(trap_exit)]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[terminate]
    fn terminate(&mut self) -> i64 { //~ SPAN: i64
        1
    }
}

fn main() {}
