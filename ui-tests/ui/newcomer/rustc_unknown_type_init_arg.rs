//~ CODE: E0425
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init(config: Config2) -> Self { //~ SPAN: Config2
        Counter(0)
    }
}

fn main() {}
