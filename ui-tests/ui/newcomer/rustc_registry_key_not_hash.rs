//~ CODE: E0277
#![allow(unused)]

use otp::prelude::*;

struct Key;
#[registry(unique)]
struct Users(Key); //~ SPAN: Key

fn main() {}
