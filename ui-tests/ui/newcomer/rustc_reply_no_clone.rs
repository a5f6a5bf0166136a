//~ CODE: E0599
#![allow(unused)]

use otp::prelude::*;

struct Item;
struct Shop {
    items: Vec<Item>,
}
#[gen_server]
impl Shop {
    #[init]
    fn init() -> Self {
        Shop { items: vec![] }
    }
    #[handle_call]
    fn items(&self) -> Vec<Item> {
        self.items.clone() //~ SPAN: clone
    }
}

fn main() {}
