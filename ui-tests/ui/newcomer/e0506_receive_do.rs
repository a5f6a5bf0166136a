#![allow(unused)]

use otp::prelude::*;

async fn run() {
    receive! { do "x" => 1 } //~ SPAN: do "x"
}

fn main() {}
