#![allow(unused)]

use otp::prelude::*;

struct Counter {
    run: Box<dyn Fn(i64) -> i64>,
}
#[gen_server]
impl Counter { //~ SPAN: Counter
    #[init]
    fn init() -> Self {
        Counter { run: Box::new(|x| x) }
    }
    #[handle_call]
    fn get(&self) -> i64 {
        0
    }
    #[handle_cast]
    fn put(&mut self, n: i64) {}
}

fn main() {}
