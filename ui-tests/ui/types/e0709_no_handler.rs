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

    #[handle_info]
    fn tick(&mut self, _: Tick) {
        self.0 += 1;
    }

    #[handle_info]
    fn timeout(&mut self, _: Timeout) {
        self.0 = 0;
    }
}

fn send(counter: &CounterClient) {
    counter.send(Tock); //~ SPAN: Tock
}

fn main() {}
