//~ CODE: E0423
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
    fn add(&mut self, n: i64) -> Noreply {
        self.0 += n;
        Noreply //~ SPAN: Noreply
    }
}

fn main() {}
