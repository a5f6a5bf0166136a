#![allow(unused)]

use otp::prelude::*;

struct Counter<'a>(&'a str);

#[gen_server]
impl<'a> Counter<'a> { //~ SPAN: 'a
    #[init]
    fn init(name: &'a str) -> Self {
        Counter(name)
    }
}

fn main() {}
