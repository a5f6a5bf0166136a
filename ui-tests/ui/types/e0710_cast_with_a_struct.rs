#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

struct Old(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_cast]
    fn set(&mut self, n: i64) -> Old { //~ SPAN: Old
        Old(std::mem::replace(&mut self.0, n))
    }
}

fn main() {}
