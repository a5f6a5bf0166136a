#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
enum Level { //~ SPAN: Level
    Low,
    High,
}

fn main() {}
