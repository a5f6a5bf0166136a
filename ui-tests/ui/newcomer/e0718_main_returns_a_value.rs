#![allow(unused)]

use otp::prelude::*;

#[otp::main]
async fn main() -> i64 { //~ SPAN: i64
    0
}
