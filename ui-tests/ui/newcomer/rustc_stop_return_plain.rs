//~ CODE: E0308
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
    fn close(&mut self) {
        noreply().stop(ExitReason::Normal) //~ SPAN: noreply().stop(ExitReason::Normal)
    }
}

fn main() {}
