#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server(shutdown = 5000)] //~ SPAN: 5000
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_call]
    fn get(&self) -> i64 {
        self.0
    }

    #[handle_cast]
    fn add(&mut self, n: i64) {
        self.0 += n;
    }
}

fn main() {}
