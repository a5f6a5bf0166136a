#![allow(unused)]

use otp::prelude::*;

pub struct Counter {
    value: i64,
}

#[gen_server(name)]
impl Counter {
    #[init]
    pub fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    pub fn get(&self) -> i64 {
        self.value
    }
}

#[gen_server]
impl Counter { //~ SPAN: Counter
    #[handle_cast]
    pub fn add(&mut self, n: i64) {
        self.value += n;
    }
}

#[otp::main]
async fn main() -> otp::Result<()> {
    let counter = Counter::start_link(1).await?;
    let value = counter.get().await?;
    Ok(())
}
