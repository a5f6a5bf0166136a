#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct AppConfig {
    port: u16,
    #[config(key = "port")] //~ SPAN: "port"
    admin_port: u16,
}

fn main() {}
