//~ CODE: future cannot be sent between threads safely
#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;

async fn sync() {}

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_cast]
    async fn add(&mut self, n: i64) { //~ SPAN: async
        let n = Rc::new(n);
        sync().await;
        self.0 += *n;
    }
}

fn main() {}
