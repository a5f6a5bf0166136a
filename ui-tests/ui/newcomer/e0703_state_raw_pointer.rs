#![allow(unused)]

use otp::prelude::*;

struct Counter {
    at: *const u8,
}
#[gen_server]
impl Counter { //~ SPAN: Counter
    #[init]
    fn init() -> Self {
        panic!()
    }
    #[handle_call]
    async fn get(&self) -> i64 {
        0
    }
}

fn main() {}
