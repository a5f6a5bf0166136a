//~ CODE: E0277
#![allow(unused)]

use otp::prelude::*;

async fn run() {
    let pid = process::spawn(|| {}); //~ SPAN: || {}
}

fn main() {}
