#![allow(unused)]

use otp::prelude::*;

#[otp::main(worker_threads = 0)] //~ SPAN: 0
async fn main() {}
