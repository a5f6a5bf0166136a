#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_cast]
    fn run<F>(&mut self, f: F) //~ SPAN: <F>
    where
        F: FnOnce() + Send + 'static,
    {
        f()
    }
}

fn main() {}
