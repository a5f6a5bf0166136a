//~ CODE: future cannot be sent between threads safely
#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
async fn sync() {}
struct Counter {
    n: i64,
}
#[gen_server(trap_exit)]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter { n: 0 }
    }
    #[terminate]
    async fn stop(&mut self) { //~ SPAN: async
        let x = Rc::new(1);
        sync().await;
        self.n += *x;
    }
}

fn main() {}
