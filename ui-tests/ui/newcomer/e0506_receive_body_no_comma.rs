#![allow(unused)]

use otp::prelude::*;

struct Ping;
struct Pong;
async fn run() {
    let x = receive! { Ping => 1 Pong => 2 }; //~ SPAN: Pong
}

fn main() {}
