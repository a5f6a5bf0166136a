//~ CODE: E0433
#![allow(unused)]

use otp::prelude::*;

struct Ping;
async fn run() {
    let x = receive! { Ping => 1, after Duration::from_secs(5) => 2 }; //~ SPAN: Duration
}

fn main() {}
