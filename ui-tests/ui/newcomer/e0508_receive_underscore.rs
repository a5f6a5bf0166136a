#![allow(unused)]

use otp::prelude::*;

struct Ping(i64);

async fn wait() -> i64 {
    receive! {
        Ping(n) => n,
        _ => 0, //~ SPAN: _
    }
}

fn main() {}
