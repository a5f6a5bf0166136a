//~ CODE: E0277
#![allow(unused)]

use otp::prelude::*;

async fn work() {}
async fn run() {
    let pid = process::spawn_link(work); //~ SPAN: work
}

fn main() {}
