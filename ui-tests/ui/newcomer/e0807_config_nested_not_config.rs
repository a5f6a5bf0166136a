#![allow(unused)]

use otp::prelude::*;

struct Inner {
    a: u8,
}
#[derive(Config)]
struct C {
    #[config(nested)]
    inner: Inner, //~ SPAN: Inner
}

fn main() {}
