#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
struct Tick(Rc<i64>);
struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_info]
    fn tick(&mut self, tick: Tick) {} //~ SPAN: Tick
}

fn main() {}
