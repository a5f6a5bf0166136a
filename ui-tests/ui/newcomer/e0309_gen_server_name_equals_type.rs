#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server(name = Counter)] //~ SPAN: Counter
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
}

fn main() {}
