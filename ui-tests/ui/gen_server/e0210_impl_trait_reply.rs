#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

#[gen_server]
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    fn digits(&self) -> impl Iterator<Item = i64> { //~ SPAN: impl Iterator<Item = i64>
        vec![self.value].into_iter()
    }
}

fn main() {}
