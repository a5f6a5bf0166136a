#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct Port(u16); //~ SPAN: (u16)

fn main() {}
