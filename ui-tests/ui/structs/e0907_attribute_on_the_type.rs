#![allow(unused)]

use otp::prelude::*;

#[derive(Clone, Copy, Debug)]
struct Counter;

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter
    }
}

#[dynamic_supervisor]
struct Workers(#[cfg(unix)] Counter); //~ SPAN: #[cfg(unix)]

fn main() {}
