#![allow(unused)]

use otp::prelude::*;

#[registry(unique)]
struct Users(String);
struct W(i64);
#[gen_server(name = via(Users))] //~ SPAN: via(Users)
impl W {
    #[init]
    fn init(id: String) -> Self {
        W(0)
    }
}

fn main() {}
