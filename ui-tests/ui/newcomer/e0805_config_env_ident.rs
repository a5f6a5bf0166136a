#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct C {
    #[config(env = PORT, default = 1)] //~ SPAN: PORT
    port: u16,
}

fn main() {}
