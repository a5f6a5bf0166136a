//~ CODE: E0594
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
    fn add(&self, n: i64) {
        self.0 += n; //~ SPAN: self.0 += n
    }
}

fn main() {}
