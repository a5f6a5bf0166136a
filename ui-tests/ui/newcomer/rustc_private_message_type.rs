//~ CODE: E0425
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_call]
    pub fn get(&self) -> Option<Missing> { //~ SPAN: Missing
        None
    }
}

fn main() {}
