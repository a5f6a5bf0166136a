//~ CODE: E0599
#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_call]
    fn get(&self) -> i64 {
        self.0
    }
}
async fn run() {
    Counter::client().get().await.unwrap(); //~ SPAN: client
}

fn main() {}
