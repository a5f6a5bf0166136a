//~ CODE: E0061
#![allow(unused)]

use otp::prelude::*;

async fn run() {
    let a = Agent::start_link(|| 0i64).await.unwrap();
    let n = a.get().await; //~ SPAN: get
}

fn main() {}
