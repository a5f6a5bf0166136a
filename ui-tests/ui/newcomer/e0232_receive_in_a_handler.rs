//~ ERRORS: 0
#![allow(unused)]

use otp::prelude::*;

struct Tick(i64);

struct Counter(i64);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_call]
    async fn wait(&mut self) -> i64 {
        receive! { //~ SPAN: receive
            Tick(n) => n,
        }
    }
}

fn main() {}
