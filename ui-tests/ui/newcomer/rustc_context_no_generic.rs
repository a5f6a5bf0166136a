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
    #[handle_cast]
    fn go(&mut self, cx: &mut Context) {} //~ SPAN: Context
}

fn main() {}
