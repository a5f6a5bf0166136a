//~ CODE: E0425
#![allow(unused)]

use otp::prelude::*;

struct Cache<K>(Vec<K>);
#[gen_server]
impl<K: Send + 'static> Cache<K> {
    #[init]
    fn init() -> Self {
        Cache(vec![])
    }
    #[handle_cast]
    fn put(&mut self, key: Kay) {} //~ SPAN: Kay
}

fn main() {}
