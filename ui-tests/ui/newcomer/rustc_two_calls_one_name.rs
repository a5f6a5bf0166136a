//~ CODE: E0592
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_call]
    fn get(&self) -> i64 {
        self.0
    }

    #[handle_call]
    fn get(&self, key: String) -> i64 { //~ SPAN: fn get(&self, key: String) -> i64
        self.0
    }
}

fn main() {}
