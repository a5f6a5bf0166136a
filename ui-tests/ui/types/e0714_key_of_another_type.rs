#![allow(unused)]

use otp::prelude::*;

#[registry(unique)]
struct Users(String);

struct Worker(u64);

#[gen_server(name = via(Users, id))] //~ SPAN: id
impl Worker {
    #[init]
    fn init(id: u64) -> Self {
        Worker(id)
    }
}

fn main() {}
