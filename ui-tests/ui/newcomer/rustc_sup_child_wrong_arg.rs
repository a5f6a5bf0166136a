//~ CODE: E0308
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
    #[handle_cast]
    pub fn add(&mut self, n: i64) {
        self.value += n;
    }
}
supervisor! { pub AppSup { strategy: one_for_one, children: [Counter("x")] } } //~ SPAN: "x"

fn main() {}
