#![allow(unused)]

use otp::prelude::*;

struct Boot;
struct Flush;

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_continue]
    fn boot(&mut self, _: Boot) {}

    #[handle_continue] //~ SPAN: handle_continue
    fn flush(&mut self, _: Flush) {}
}

fn main() {}
