//~ CODE: E0277
#![allow(unused)]

use otp::prelude::*;

async fn run() {
    let a = Agent::start_link(0).await; //~ SPAN: 0
}

fn main() {}
