#![allow(unused)]

use otp::prelude::*;

pub struct Counter {
    value: i64,
}

#[gen_server(name)]
impl Counter { //~ SPAN: Counter
    pub fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    pub fn get(&self) -> i64 {
        self.value
    }
}

supervisor! { pub AppSup { strategy: one_for_one, children: [Counter(1)] } }

#[otp::main]
async fn main() -> otp::Result<()> {
    AppSup::start_link().await?;
    let counter = Counter::start_link(1).await?;
    let value = counter.get().await?;
    Ok(())
}
