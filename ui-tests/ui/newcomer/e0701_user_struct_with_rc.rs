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

    #[handle_cast]
    fn put(&mut self, job: Job) {} //~ SPAN: Job
}

fn main() {}
