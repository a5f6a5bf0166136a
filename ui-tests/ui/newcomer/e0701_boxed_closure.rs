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
    fn update(&mut self, change: Box<dyn FnOnce(i64) -> i64>) { //~ SPAN
        self.0 = change(self.0);
    }
}

fn main() {}
