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

    #[terminate]
    fn save(&mut self) {}

    #[terminate] //~ SPAN: terminate
    fn say_goodbye(&mut self) {}
}

fn main() {}
