#![allow(unused)]

use otp::prelude::*;

#[derive(Config)]
struct C {
    #[config(default = 1)]
    port: i64,
}
struct Web(i64);
#[gen_server]
impl Web {
    #[init]
    fn init(c: C) -> Self {
        Web(c.port)
    }
}
supervisor! { pub AppSup(c: C) { strategy: one_for_one, children: [Web(c)] } } //~ SPAN: C

fn main() {}
