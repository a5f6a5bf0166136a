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
    fn get(&mut self) -> (Reply<i64>, Self) { //~ SPAN: (Reply<i64>, Self)
        (reply(self.0), Counter(self.0))
    }
}

fn main() {}
