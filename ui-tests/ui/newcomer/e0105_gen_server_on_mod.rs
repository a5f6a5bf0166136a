#![allow(unused)]

use otp::prelude::*;

#[gen_server]
mod counter {} //~ SPAN: mod

fn main() {}
