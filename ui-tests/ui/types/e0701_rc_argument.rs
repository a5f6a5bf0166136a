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

    #[handle_cast]
    fn add(&mut self, n: Rc<i64>) { //~ SPAN: Rc<i64>
        self.0 += *n;
    }
}

fn main() {}
