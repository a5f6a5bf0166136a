#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct C {
    #[config(envs = "PORT", default = 1)] //~ SPAN: envs
    port: u16,
}

fn main() {}
