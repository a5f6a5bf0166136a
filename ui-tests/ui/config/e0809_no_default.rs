#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct Settings {
    #[config(default)]
    level: std::num::NonZeroU16, //~ SPAN
}

fn main() {}
