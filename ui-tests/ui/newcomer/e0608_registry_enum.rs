#![allow(unused)]

use otp::prelude::*;

#[registry(unique)]
enum Users { //~ SPAN: enum Users { A, }
    A,
}

fn main() {}
