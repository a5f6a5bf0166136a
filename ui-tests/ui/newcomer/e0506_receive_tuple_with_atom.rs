#![allow(unused)]

use otp::prelude::*;

struct Ping(i64);

async fn wait() -> i64 {
    receive! {
        {:ping, n} => n, //~ SPAN: {:ping, n}
    }
}

fn main() {}
