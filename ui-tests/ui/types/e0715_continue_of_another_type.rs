#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

struct Boot;
struct Flush;

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Init<Self> {
        Init::ok(Counter(0)).continue_with(Flush) //~ SPAN: Flush
    }

    #[handle_continue]
    fn boot(&mut self, _: Boot) {}
}

fn main() {}
