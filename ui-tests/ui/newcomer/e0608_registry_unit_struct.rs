#![allow(unused)]

use otp::prelude::*;

#[registry(unique)]
struct Users; //~ SPAN: Users

fn main() {}
