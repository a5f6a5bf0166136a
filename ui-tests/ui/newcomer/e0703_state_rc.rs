#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
struct Counter {
    shared: Rc<i64>,
}
#[gen_server]
impl Counter { //~ SPAN: Counter
    #[init]
    fn init() -> Self {
        Counter { shared: Rc::new(0) }
    }
    #[handle_call]
    fn get(&self) -> i64 {
        0
    }
}

fn main() {}
