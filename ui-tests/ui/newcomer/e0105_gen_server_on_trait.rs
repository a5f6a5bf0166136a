#![allow(unused)]

use otp::prelude::*;

#[gen_server]
trait Counter { //~ SPAN: trait
    fn get(&self);
}

fn main() {}
