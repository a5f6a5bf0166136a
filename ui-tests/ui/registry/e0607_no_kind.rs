#![allow(unused)]

use otp::prelude::*;

#[registry(partitions = 4)]
struct Users(String); //~ SPAN: Users

fn main() {
    let _ = Users::lookup("ann");
}
