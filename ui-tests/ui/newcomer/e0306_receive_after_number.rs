#![allow(unused)]

use otp::prelude::*;

struct Ping(i64);

async fn wait() -> i64 {
    receive! {
        Ping(n) => n,
        after 5000 => 0, //~ SPAN: 5000
    }
}

fn main() {}
