#![allow(unused)]

use otp::prelude::*;

#[otp::main]
fn main() {} //~ SPAN: fn
