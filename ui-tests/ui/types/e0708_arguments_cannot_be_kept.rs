#![allow(unused)]

use otp::prelude::*;

struct Socket;

struct Acceptor(Socket);

#[gen_server]
impl Acceptor {
    #[init]
    fn init(socket: Socket) -> Self {
        Acceptor(socket)
    }
}

supervisor! {
    Web(port: u16) {
        strategy: one_for_one,
        children: [Acceptor(Socket)], //~ SPAN: Acceptor
    }
}

fn main() {}
