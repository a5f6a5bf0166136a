#![allow(unused)]

use otp::prelude::*;

#[registry(unique, duplicate)] //~ SPAN: duplicate
struct Users(String);

fn main() {}
