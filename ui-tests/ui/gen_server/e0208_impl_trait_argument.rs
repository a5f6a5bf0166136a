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

    #[handle_cast]
    fn rename(&mut self, name: impl Into<String>) { //~ SPAN: impl Into<String>
        self.value = name.into().len() as i64;
    }
}

fn main() {}
