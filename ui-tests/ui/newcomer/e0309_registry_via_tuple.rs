#![allow(unused)]

use otp::prelude::*;

#[registry(unique)]
struct Users(String);
struct Worker(i64);
#[gen_server(name = (via, Users, id))] //~ SPAN: (via, Users, id)
impl Worker {
    #[init]
    fn init(id: String) -> Self {
        Worker(0)
    }
}

fn main() {}
