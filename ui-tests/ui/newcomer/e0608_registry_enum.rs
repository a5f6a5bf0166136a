#![allow(unused)]

use otp::prelude::*;

#[registry(unique)]
enum Users { //~ SPAN
    A,
}

fn main() {}
