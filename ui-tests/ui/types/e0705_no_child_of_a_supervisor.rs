#![allow(unused)]

use otp::prelude::*;

struct Plain;

#[dynamic_supervisor]
struct Workers(Plain); //~ SPAN: Plain

fn main() {}
