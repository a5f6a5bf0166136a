//~ CODE: future cannot be sent between threads safely
#![allow(unused)]

use otp::prelude::*;

use std::cell::Cell;
async fn sync() {}
struct Counter {
    n: Cell<i64>,
}
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter { n: Cell::new(0) }
    }
    #[handle_call]
    async fn get(&self) -> i64 { //~ SPAN: async
        sync().await;
        self.n.get()
    }
}

fn main() {}
