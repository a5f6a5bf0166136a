//~ CODE: E0425
#![allow(unused)]

use otp::prelude::*;

#[gen_server]
impl Countr { //~ SPAN: Countr
    #[init]
    fn init() -> Self {
        panic!()
    }
    #[handle_call]
    fn get(&self) -> i64 {
        0
    }
}

fn main() {}
