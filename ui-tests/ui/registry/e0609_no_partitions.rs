#![allow(unused)]

use otp::prelude::*;

#[registry(unique, partitions = 0)] //~ SPAN: 0
struct Users(String);

fn main() {
    let _ = Users::lookup("ann");
}
