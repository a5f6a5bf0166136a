#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct AppConfig {
    #[config(nested)]
    port: u16, //~ SPAN: u16
}

fn main() {}
