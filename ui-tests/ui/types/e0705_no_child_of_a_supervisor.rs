#![allow(unused)]

use otp::prelude::*;

struct Plain;

//~ ERRORS: 3
#[dynamic_supervisor]
struct Workers(Plain); //~ SPAN: Plain

fn main() {}
