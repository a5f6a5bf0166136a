//~ CODE: E0425
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init(every: Duration) -> Self { //~ SPAN: Duration
        Counter(0)
    }
}

fn main() {}
