#![allow(unused)]

#[otp::main]
fn main() {} //~ SPAN: fn
