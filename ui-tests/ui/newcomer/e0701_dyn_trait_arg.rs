#![allow(unused)]

use otp::prelude::*;

trait Job {
    fn run(&self);
}
struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_cast]
    fn run(&mut self, job: Box<dyn Job>) {} //~ SPAN: Box<dyn Job>
}

fn main() {}
