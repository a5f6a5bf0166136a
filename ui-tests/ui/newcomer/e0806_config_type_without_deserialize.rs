#![allow(unused)]

use otp::prelude::*;

struct Level(u8);
#[derive(Config)]
struct C {
    #[config(default = Level(1))]
    level: Level, //~ SPAN: Level
}

fn main() {}
