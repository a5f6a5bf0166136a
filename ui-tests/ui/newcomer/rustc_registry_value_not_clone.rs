//~ CODE: E0277
#![allow(unused)]

use otp::prelude::*;

struct V;
#[registry(duplicate)]
struct Users(String, V); //~ SPAN: V

fn main() {}
