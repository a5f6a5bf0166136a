#![allow(unused)]

use otp::prelude::*;

#[otp::test(start_pause = true)] //~ SPAN: start_pause
async fn works() {}

fn main() {}
