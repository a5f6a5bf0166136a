#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
struct Job(Rc<i64>);
struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_call]
    fn run(&self, job: Job) -> i64 { //~ SPAN: Job
        1
    }
}

fn main() {}
