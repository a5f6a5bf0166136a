#![allow(unused)]

use otp::prelude::*;

struct Ping {
    from: Pid,
}

struct Pong;

async fn wait() {
    receive! {
        ping => println!("a message"), //~ SPAN: ping
        after 5s => println!("late"),
    }
}

fn main() {}
