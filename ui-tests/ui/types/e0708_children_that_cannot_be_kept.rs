#![allow(unused)]

use otp::prelude::*;

struct Socket;

struct Worker {
    socket: Socket,
}

#[gen_server]
impl Worker {
    #[init]
    fn init(socket: Socket) -> Self {
        Worker { socket }
    }
}

//~ ERRORS: 2
#[dynamic_supervisor]
struct Workers(Worker); //~ SPAN: Worker

fn main() {}
