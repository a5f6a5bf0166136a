#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

trait Resets {
    fn reset(&mut self);
}

#[gen_server]
impl Resets for Counter { //~ SPAN: Resets
    fn reset(&mut self) {
        self.value = 0;
    }
}

fn main() {}
