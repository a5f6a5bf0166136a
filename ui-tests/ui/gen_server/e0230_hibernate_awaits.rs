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

    #[hibernate]
    async fn shrink(&mut self) {} //~ SPAN: async
}

fn main() {}
