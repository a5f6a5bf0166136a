#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct AppConfig {
    #[config(env = APP_PORT)] //~ SPAN: APP_PORT
    port: u16,
}

fn main() {}
