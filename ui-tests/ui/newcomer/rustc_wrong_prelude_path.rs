//~ CODE: E0432
#![allow(unused)]

use otp::preludes::*; //~ SPAN: preludes
struct Counter(i64);

fn main() {}
