#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;

struct Cache<K>(Vec<K>);

#[gen_server]
impl<K: Send + 'static> Cache<K> {
    #[init]
    fn init() -> Self {
        Cache(Vec::new())
    }

    #[handle_cast]
    fn put(&mut self, key: Rc<K>) {} //~ SPAN: Rc<K>

    #[handle_call]
    fn first(&mut self) -> Option<K> {
        None
    }
}

fn main() {}
