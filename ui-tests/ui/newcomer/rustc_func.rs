//~ CODE: expected one of `!` or `::`, found `get`
#![allow(unused)]

use otp::prelude::*;

pub struct Counter {
    value: i64,
}

#[gen_server(name)]
impl Counter {
    #[init]
    pub fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    func get(&self) -> i64 { //~ SPAN: get
        self.value
    }
}

fn main() {}
