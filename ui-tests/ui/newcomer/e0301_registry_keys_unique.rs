#![allow(unused)]

use otp::prelude::*;

#[registry(keys = unique)] //~ SPAN: keys
struct Users(String);

fn main() {}
