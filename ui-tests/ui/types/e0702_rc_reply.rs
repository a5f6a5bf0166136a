#![allow(unused)]

use std::rc::Rc;

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_call]
    fn get(&self) -> Rc<i64> { //~ SPAN: Rc<i64>
        Rc::new(self.0)
    }
}

fn main() {}
