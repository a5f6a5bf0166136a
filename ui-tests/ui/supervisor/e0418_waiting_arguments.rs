#![allow(unused)]

use otp::prelude::*;

struct Counter {
    value: i64,
}

#[gen_server]
impl Counter {
    #[init]
    fn init(initial: i64) -> Self {
        Counter { value: initial }
    }
}

supervisor! {
    Bank(start: std::future::Ready<i64>) {
        strategy: one_for_one,
        children: [Counter(start.await)], //~ SPAN: await
    }
}

fn main() {}
