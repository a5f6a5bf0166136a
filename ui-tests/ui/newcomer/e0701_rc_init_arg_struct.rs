#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
struct Settings {
    n: Rc<i64>,
}
struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init(settings: Settings) -> Self { //~ SPAN: Settings
        Counter(*settings.n)
    }
}

fn main() {}
