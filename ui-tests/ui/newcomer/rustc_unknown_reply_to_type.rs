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
    fn go(&mut self, #[from] caller: ReplyTo<Answer>) {} //~ SPAN: Answer
}

fn main() {}
