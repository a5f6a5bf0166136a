#![allow(unused)]

use otp::prelude::*;

struct Ping;
async fn run() {
    let x = receive!(Ping); //~ SPAN: Ping
}

fn main() {}
