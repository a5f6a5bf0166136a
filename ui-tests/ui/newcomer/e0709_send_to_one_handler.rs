#![allow(unused)]

use otp::prelude::*;

struct Tick;
struct Tock;

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

    #[handle_info]
    fn tick(&mut self, _: Tick) {}
}

#[otp::main]
async fn main() {
    let counter = Counter::start_link().await.unwrap();
    counter.send(Tock); //~ SPAN: Tock
}
