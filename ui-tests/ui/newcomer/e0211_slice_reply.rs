#![allow(unused)]

use otp::prelude::*;

struct Counter(Vec<i64>);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(vec![])
    }
    #[handle_call]
    fn all(&self) -> &[i64] { //~ SPAN: &[i64]
        &self.0
    }
}

fn main() {}
