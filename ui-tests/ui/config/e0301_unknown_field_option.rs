#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct AppConfig {
    #[config(enf = "APP_PORT")] //~ SPAN: enf
    port: u16,
}

fn main() {}
