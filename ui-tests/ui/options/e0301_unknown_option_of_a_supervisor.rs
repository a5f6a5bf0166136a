#![allow(unused)]

use otp::prelude::*;

#[dynamic_supervisor(max_childs = 5)] //~ SPAN: max_childs
struct Workers;

fn main() {}
