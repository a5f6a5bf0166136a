#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;

struct Cache<K>(Vec<K>);

#[gen_server]
impl<K> Cache<K>
where
    K: Send + Sync + 'static,
{
    #[init]
    fn init() -> Self {
        Cache(Vec::new())
    }

    #[handle_call]
    async fn first(&self) -> Rc<K> { //~ SPAN: Rc<K>
        todo!()
    }
}

fn main() {}
