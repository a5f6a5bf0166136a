//! Modules called like crates, and a user's own `Result` and `Send` beside the prelude.

#![allow(dead_code)]

mod core {
    pub mod marker {}
}
mod std {
    pub mod string {}
}
mod otp {
    pub mod __private {}
    pub mod marker {}
}

type Result<T> = ::std::result::Result<T, String>;
trait Send {}
trait Sized {}
struct Context;

use ::otp::prelude::{gen_server, supervisor};

pub struct Parser;

#[gen_server]
impl Parser {
    #[init]
    pub fn init(start: Option<i64>) -> Result<Self> {
        start.map(|_| Parser).ok_or_else(|| "no start".to_owned())
    }

    #[handle_call]
    pub async fn parse(&self, text: String) -> Result<i64> {
        text.parse().map_err(|_| text)
    }
}

supervisor! {
    pub Bank {
        strategy: one_for_one,
        children: [Parser(Some(1))],
    }
}

#[::otp::main]
async fn main() {
    let parser = Parser::start_link(Some(1)).await.unwrap();
    assert_eq!(parser.parse("42".to_owned()).await, Ok(Ok(42)));
    Bank::start_link().await.unwrap();
}
