//~ CODE: E0308
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Ok(Counter(0)) //~ SPAN: Ok(Counter(0))
    }
}

fn main() {}
