#![allow(unused)]

use otp::prelude::*;

struct Ping(i64);

async fn wait() -> i64 {
    receive! {
        Ping(n) when n > 0 => n, //~ SPAN: when
    }
}

fn main() {}
