//~ CODE: future cannot be sent between threads safely
#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
async fn sync() {}
struct Cache<K>(Vec<K>);
#[gen_server]
impl<K: Send + Sync + 'static> Cache<K> {
    #[init]
    fn init() -> Self {
        Cache(vec![])
    }
    #[handle_call]
    async fn get(&self) -> i64 { //~ SPAN: async
        let x = Rc::new(1);
        sync().await;
        *x
    }
}

fn main() {}
