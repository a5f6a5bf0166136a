//~ CODE: E0507
#![allow(unused)]

use otp::prelude::*;

struct Shop {
    items: Vec<String>,
}
#[gen_server]
impl Shop {
    #[init]
    fn init() -> Self {
        Shop { items: vec![] }
    }
    #[handle_call]
    fn items(&self) -> Vec<String> {
        self.items //~ SPAN: self.items
    }
}

fn main() {}
