#![allow(unused)]

use otp::prelude::*;

#[registry(unique)]
#[rustfmt::skip]
struct Users { key: String } //~ SPAN: { key: String }

fn main() {
    let _ = Users::lookup("ann");
}
