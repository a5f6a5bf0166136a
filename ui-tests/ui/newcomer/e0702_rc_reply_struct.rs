#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
struct Answer(Rc<i64>);
struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_call]
    fn get(&self) -> Answer { //~ SPAN: Answer
        panic!()
    }
}

fn main() {}
