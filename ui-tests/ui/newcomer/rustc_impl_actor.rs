//~ CODE: E0405
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
impl Actor for Counter { //~ SPAN: Actor
    type Context = Context<Self>;
}

fn main() {}
