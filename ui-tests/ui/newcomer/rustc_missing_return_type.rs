//~ CODE: E0308
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
    fn get(&self) {
        self.0 //~ SPAN: self.0
    }
}

fn main() {}
