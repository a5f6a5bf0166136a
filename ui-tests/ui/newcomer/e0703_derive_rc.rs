#![allow(unused)]

use otp::prelude::*;

use std::rc::Rc;

#[derive(GenServer)]
struct Session {
    user: Rc<String>, //~ SPAN: Rc<String>
}

#[otp::main]
async fn main() -> otp::Result<()> {
    let session = Session::start_link(Session { user: Rc::default() }).await?;
    Ok(())
}
