#![allow(unused)]

use otp::prelude::*;

trait Shape {}

#[gen_server]
impl dyn Shape { //~ SPAN: dyn Shape
    #[init]
    fn init() -> i64 {
        0
    }
}

fn main() {}
