#![allow(unused)]

use otp::prelude::*;

struct Ping {
    from: Pid,
}

struct Pong;

async fn wait() {
    receive! {
        Ping { from } => process::send(from, Pong),
        _ => println!("thrown away"), //~ SPAN: _
    }
}

fn main() {}
