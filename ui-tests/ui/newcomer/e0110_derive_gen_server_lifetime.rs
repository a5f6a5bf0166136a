#![allow(unused)]

use otp::prelude::*;

#[derive(GenServer)]
struct Counter<'a>(&'a str); //~ SPAN: 'a

fn main() {}
