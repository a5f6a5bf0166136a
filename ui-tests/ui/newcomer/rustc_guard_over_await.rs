//~ CODE: future cannot be sent between threads safely
#![allow(unused)]

use otp::prelude::*;

use std::sync::Mutex;

async fn sync() {}

struct Counter(Mutex<i64>);

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(Mutex::new(0))
    }

    #[handle_call]
    async fn get(&mut self) -> i64 { //~ SPAN: async
        let value = self.0.lock().unwrap();
        sync().await;
        *value
    }
}

fn main() {}
