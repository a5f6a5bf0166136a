#![allow(unused)]

use otp::prelude::*;

struct Counter<'a> {
    name: &'a str,
}

#[gen_server]
impl<'a> Counter<'a> { //~ SPAN: 'a
    #[init]
    fn init(name: String) -> Self {
        Counter { name: name.leak() }
    }
}

fn main() {}
