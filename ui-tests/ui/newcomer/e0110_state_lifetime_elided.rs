#![allow(unused)]

use otp::prelude::*;

struct Counter<'a>(&'a str);
#[gen_server]
impl Counter<'_> { //~ SPAN: '_
    #[init]
    fn init() -> Self {
        Counter("")
    }
}

fn main() {}
