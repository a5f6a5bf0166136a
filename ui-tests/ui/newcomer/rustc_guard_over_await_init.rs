//~ CODE: future cannot be sent between threads safely
#![allow(unused)]

use otp::prelude::*;

use std::sync::Mutex;
async fn sync() {}
static N: Mutex<i64> = Mutex::new(0);
struct Counter {
    n: i64,
}
#[gen_server]
impl Counter {
    #[init]
    async fn init() -> Self { //~ SPAN: async
        let guard = N.lock().unwrap();
        sync().await;
        Counter { n: *guard }
    }
}

fn main() {}
