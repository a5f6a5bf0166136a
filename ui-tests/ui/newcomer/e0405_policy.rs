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
    pub fn get(&self) -> i64 {
        self.value
    }
}

supervisor! {
    pub AppSup {
        policy: one_for_one, //~ SPAN: policy
        children: [Counter(1)],
    }
}

fn main() {}
