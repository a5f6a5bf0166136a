#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
struct Counter {
    shared: Rc<i64>,
}
#[gen_server(name)]
impl Counter { //~ SPAN: Counter
    #[init]
    fn init() -> Self {
        Counter { shared: Rc::new(0) }
    }
    #[handle_call]
    fn get(&self) -> i64 {
        0
    }
}
supervisor! { pub AppSup { strategy: one_for_one, children: [Counter] } }
#[otp::main]
async fn main() -> otp::Result<()> {
    AppSup::start_link().await?;
    let n = Counter::client().get().await?;
    Ok(())
}
