#![allow(unused)]

use std::rc::Rc;

use otp::prelude::*;

struct Cache(Rc<i64>);

#[gen_server]
impl Cache { //~ SPAN: Cache
    #[init]
    fn init() -> Self {
        Cache(Rc::new(0))
    }

    #[handle_call]
    fn get(&self) -> i64 {
        *self.0
    }
}

fn main() {}
