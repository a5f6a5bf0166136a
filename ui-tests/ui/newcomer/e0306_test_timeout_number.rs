#![allow(unused)]

use otp::prelude::*;

#[otp::test(timeout = 5)] //~ SPAN: 5
async fn works() {}

fn main() {}
