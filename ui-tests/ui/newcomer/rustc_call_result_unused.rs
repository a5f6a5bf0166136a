//~ ERRORS: 0
//~ CODE: unused_must_use
#![allow(dead_code)]

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

    #[handle_cast]
    fn add(&mut self, n: i64) {
        self.0 += n;
    }
}

#[otp::main]
async fn main() {
    let counter = Counter::start_link().await.unwrap();
    counter.get().await; //~ SPAN: counter.get().await
}
