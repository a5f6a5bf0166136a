#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;

struct Cache<K>(Vec<K>);

#[gen_server]
impl<K> Cache<K>
where
    K: Clone + Send + Sync + 'static,
{
    #[init]
    fn init() -> Self {
        Cache(Vec::new())
    }

    #[handle_call]
    async fn first(&self) -> Rc<K> { //~ SPAN: Rc<K>
        Rc::new(self.0.clone().remove(0))
    }
}

fn main() {}
