#![allow(unused)]

use otp::prelude::*;

pub struct Counter {
    waiting: Vec<ReplyTo<i64>>,
}

#[gen_server(name)]
impl Counter {
    #[init]
    pub fn init() -> Self {
        Counter { waiting: Vec::new() }
    }

    #[handle_call]
    pub fn get(&mut self, least: i64, caller: ReplyTo<i64>) -> Noreply { //~ SPAN
        self.waiting.push(caller);
        noreply()
    }
}

#[otp::main]
async fn main() -> otp::Result<()> {
    let counter = Counter::start_link().await?;
    let value: i64 = counter.get(1).await?;
    Ok(())
}
