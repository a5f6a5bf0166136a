#![allow(unused)]

use otp::prelude::*;

#[otp::test(timeout = 5000)] //~ SPAN: 5000
async fn counts() {}

fn main() {}
