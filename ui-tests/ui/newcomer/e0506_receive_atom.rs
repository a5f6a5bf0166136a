#![allow(unused)]

use otp::prelude::*;

struct Ping(i64);

async fn wait() -> i64 {
    receive! {
        :ping => 0, //~ SPAN: :ping
    }
}

fn main() {}
