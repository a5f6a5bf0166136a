#![allow(unused)]

use otp::prelude::*;

#[gen_server]
fn counter() {} //~ SPAN: fn

fn main() {}
