#![allow(unused)]

use otp::prelude::*;

struct Config;

struct Counter(Config);

#[gen_server]
impl Counter {
    #[init]
    fn init(config: Config) -> Self {
        Counter(config)
    }
}

supervisor! {
    pub Bank {
        strategy: one_for_one,
        children: [Counter(Config)], //~ SPAN: Counter
    }
}

fn main() {}
