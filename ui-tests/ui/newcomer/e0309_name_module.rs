#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server(name = __MODULE__)] //~ SPAN: __MODULE__
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
