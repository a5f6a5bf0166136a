//~ CODE: E0308
#![allow(unused)]

use otp::prelude::*;

struct Ping(i64);

async fn wait() -> i64 {
    receive! {
        Ping(n) => n,
        after 5s => "late", //~ SPAN: "late"
    }
}

fn main() {}
