#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct AppConfig {
    #[config(default = 40 00)] //~ SPAN: 40 00
    port: u16,
}

fn main() {}
