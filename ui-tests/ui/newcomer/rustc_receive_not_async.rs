//~ CODE: E0728
#![allow(unused)]

use otp::prelude::*;

struct Ping(i64);

fn wait() -> i64 {
    receive! { //~ SPAN
        Ping(n) => n,
    }
}

fn main() {}
