//~ CODE: return types are denoted using `->`
#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

#[gen_server]
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    fn get(&self, key: String) : i64 { //~ SPAN: :
        self.value
    }
}

fn main() {}
