//~ ERRORS: 2
#![allow(unused)]

use otp::prelude::*;

struct Users(u64);

fn start(worker: otp::Start<Worker>) {
    let _ = worker.via::<Users>(7); //~ SPAN: via
}

struct Worker(u64);

#[gen_server]
impl Worker {
    #[init]
    fn init(id: u64) -> Self {
        Worker(id)
    }
}

fn main() {}
