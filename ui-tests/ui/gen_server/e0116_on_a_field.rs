#![allow(unused)]

use otp::prelude::*;

#[derive(GenServer)]
struct Session {
    #[server(restart = transient)] //~ SPAN: server(restart = transient)
    user: String,
}

fn main() {}
