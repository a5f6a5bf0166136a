//~ ERRORS: 2
//~ CODE: future cannot be sent between threads safely
#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;

async fn load(_: &Rc<i64>) -> i64 {
    0
}

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    async fn init() -> Self { //~ SPAN: async
        let shared = Rc::new(0);
        Counter(load(&shared).await)
    }
}

fn main() {}
