#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init(&mut self, n: i64) { //~ SPAN: &mut self
        self.0 = n;
    }
}

fn main() {}
