//~ CODE: E0425
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_continue]
    fn go(&mut self, _: Step) {} //~ SPAN: Step
}

fn main() {}
