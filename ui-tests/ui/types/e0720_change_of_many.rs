#![allow(unused)]

use otp::prelude::*;

#[registry(duplicate)]
struct Topics(u64, u32);

fn main() {
    let _ = Topics::client().update_value(&7, |value| value + 1); //~ SPAN: update_value
}
