#![allow(unused)]

use otp::prelude::*;

struct Ping {
    from: Pid,
}

struct Pong;

async fn wait() {
    receive! {} //~ SPAN: receive! {}
}

fn main() {}
