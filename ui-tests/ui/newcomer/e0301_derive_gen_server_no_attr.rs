#![allow(unused)]

use otp::prelude::*;

#[derive(GenServer)]
#[server(nam)] //~ SPAN: nam
struct Counter;

fn main() {}
