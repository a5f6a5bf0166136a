#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
struct Step(Rc<i64>);
struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_continue]
    fn go(&mut self, step: Step) {} //~ SPAN: Step
}

fn main() {}
