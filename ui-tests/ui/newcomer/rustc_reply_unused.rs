//~ ERRORS: 0
//~ CODE: unused_must_use
#![allow(dead_code)]

use otp::prelude::*;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_call]
    fn close(&mut self) -> i64 {
        reply(self.0).stop(ExitReason::Normal); //~ SPAN: reply(self.0).stop(ExitReason::Normal)
        self.0
    }
}

fn main() {}
