//~ CODE: E0369
#![allow(unused)]

use otp::prelude::*;

async fn run() {
    let a = Agent::start_link(|| 0i64).await.unwrap();
    a.update(|n| n + 1).await; //~ SPAN: +
}

fn main() {}
