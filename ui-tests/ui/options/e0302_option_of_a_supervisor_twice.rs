#![allow(unused)]

use otp::prelude::*;

#[dynamic_supervisor(max_children = 5, max_children = 6)] //~ SPAN: max_children
struct Workers;

fn main() {}
