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
    #[handle_call]
    fn all(&self) -> Vec<Kay> { //~ SPAN: Kay
        vec![]
    }
}

fn main() {}
