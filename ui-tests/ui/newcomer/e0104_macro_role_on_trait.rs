#![allow(unused)]

use otp::prelude::*;

struct Counter(i64);

trait Api {
    fn get(&self) -> i64;
}

#[gen_server]
impl Api for Counter { //~ SPAN: Api
    #[handle_call]
    fn get(&self) -> i64 {
        self.0
    }
}

fn main() {}
