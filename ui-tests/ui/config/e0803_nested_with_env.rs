#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct AppConfig {
    #[config(nested, env = "APP_LIMITS")] //~ SPAN: env
    limits: Limits,
}

#[derive(Config)]
struct Limits {
    requests: u32,
}

fn main() {}
