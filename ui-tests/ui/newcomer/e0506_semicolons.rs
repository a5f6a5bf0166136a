#![allow(unused)]

use otp::prelude::*;

struct Ping;

async fn run() {
    receive! {
        Ping => println!("ping"); //~ SPAN: ;
        after 5s => println!("nothing");
    }
}

fn main() {}
