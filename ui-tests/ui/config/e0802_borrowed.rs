#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct AppConfig<'a> { //~ SPAN: 'a
    host: &'a str,
}

fn main() {}
