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
    fn put<T>(&mut self, value: T) {} //~ SPAN: <T>
}

fn main() {}
