#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
async fn sync() {}
struct Counter {
    shared: Rc<i64>,
}
#[gen_server]
impl Counter { //~ SPAN: Counter
    #[init]
    fn init() -> Self {
        Counter { shared: Rc::new(0) }
    }
    #[handle_call]
    async fn get(&mut self) -> i64 {
        sync().await;
        0
    }
}

fn main() {}
