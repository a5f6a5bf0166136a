//~ CODE: E0107
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
    fn get(&mut self, cx: &mut Context) -> i64 { //~ SPAN: Context
        0
    }
}

fn main() {}
