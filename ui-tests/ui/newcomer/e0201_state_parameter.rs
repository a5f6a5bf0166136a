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
    fn add(state: &mut Self, n: i64) { //~ SPAN: state: &mut Self
        state.0 += n;
    }
}

fn main() {}
