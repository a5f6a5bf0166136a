#![allow(unused)]

use otp::prelude::*;

struct Ping {
    from: Pid,
}

struct Pong;

async fn wait() {
    receive! {
        after 5s => println!("late"), //~ SPAN: after
        Pong => println!("pong"),
    }
}

fn main() {}
