#![allow(unused)]

use otp::prelude::*;

struct Ping {
    from: Pid,
}

struct Pong;

async fn wait() {
    receive! {
        Pong => println!("pong"),
        after 5s => println!("late"),
        after 10s => println!("too late"), //~ SPAN: after
    }
}

fn main() {}
