//~ CODE: E0277
#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct C {
    #[config(default = "x")] //~ SPAN: "x"
    port: u16,
}

fn main() {}
