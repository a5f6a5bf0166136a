#![allow(unused)]

use otp::prelude::*;

#[gen_server]
struct Counter { //~ SPAN: struct Counter
    value: i64,
}

fn main() {}
