#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
struct Answer(Rc<i64>);
struct Counter(i64);
#[gen_server(name)]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_call]
    fn get(&self) -> Answer { //~ SPAN: Answer
        panic!()
    }
}
#[otp::main]
async fn main() -> otp::Result<()> {
    let c = Counter::start_link().await?;
    let a = c.get().await?;
    let b = c.get().timeout(std::time::Duration::from_secs(1)).await?;
    Ok(())
}
