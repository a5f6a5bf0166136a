#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter(initial)
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

supervisor! {
    pub Bank {
        strategy: one_for_one,
        children: vec![Counter(0)], //~ SPAN: vec
    }
}

fn main() {}
