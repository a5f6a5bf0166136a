//~ CODE: future cannot be sent between threads safely
#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;
async fn sync() {}
async fn work() {
    let task = Task::spawn(async { //~ SPAN
        let x = Rc::new(1);
        sync().await;
        *x
    });
}

fn main() {}
