#![allow(unused)]

use otp::prelude::*;

use std::cell::RefCell;
use std::rc::Rc;

struct Counter {
    value: Rc<RefCell<i64>>,
}

#[gen_server]
impl Counter { //~ SPAN: Counter
    #[init]
    fn init() -> Self {
        Counter { value: Rc::default() }
    }
}

fn main() {}
