#![allow(unused)]

use otp::prelude::*;

#[gen_server]
enum Counter { //~ SPAN: enum Counter
    A,
}

fn main() {}
