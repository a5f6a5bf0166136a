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

    #[handle_cast]
    fn add<N: Into<i64>>(&mut self, n: N) { //~ SPAN: <N: Into<i64>>
        self.value += n.into();
    }
}

fn main() {}
