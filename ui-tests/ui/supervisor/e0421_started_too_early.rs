#![allow(unused)]

use otp::prelude::*;

struct Users;

#[gen_server]
impl Users {
    #[init]
    fn init() -> Self {
        Users
    }
}

struct Cache;

#[gen_server]
impl Cache {
    #[init]
    fn init() -> Self {
        Cache
    }
}

struct Web;

#[gen_server]
impl Web {
    #[init]
    fn init() -> Self {
        Web
    }
}

supervisor! {
    pub Bank {
        strategy: rest_for_one,
        children: [
            Web { after: Users }, //~ SPAN: Users
            Users,
        ],
    }
}

fn main() {}
