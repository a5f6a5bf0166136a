#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    async fn init() { //~ SPAN: init
        Counter(0);
    }
}

fn main() {}
