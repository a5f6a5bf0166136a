#![allow(unused)]

use otp::prelude::*;

struct Level(u8);

#[derive(Config)]
struct AppConfig {
    level: Level, //~ SPAN: Level
}

fn main() {}
