//! Names that the expansions use themselves are free for users.

#![deny(warnings)]

use otp::prelude::*;

const __SOUND: usize = 7;

struct Field;

fn first() -> usize {
    __SOUND
}

pub struct Counter {
    server: i64,
    field: Field,
}

#[gen_server]
impl Counter {
    #[init]
    pub async fn init(cx: i64, given: i64, server: i64) -> Self {
        Counter { server: cx + given + server, field: Field }
    }

    #[handle_call]
    pub async fn reply_to(&mut self, reply_to: i64, request: i64, message: usize) -> i64 {
        let Field = self.field;
        self.server + reply_to + request + i64::try_from(message + first()).unwrap()
    }

    #[handle_cast]
    pub fn handle(&mut self, cx: i64, given: i64, never: i64, step: i64, reason: i64) {
        self.server += cx + given + never + step + reason;
    }

    #[handle_call]
    pub async fn with_context(&mut self, cx: i64, context: &mut Context<Self>) -> i64 {
        let _ = context;
        cx
    }
}

supervisor! {
    pub Sup(sup: i64, args: i64, name: i64) {
        strategy: one_for_one,
        children: [Counter(sup, args, name) if sup == 0],
    }
}

#[otp::main]
async fn main() {
    let counter = Counter::start_link(1, 2, 3).await.unwrap();
    counter.handle(1, 1, 1, 1, 1);
    assert_eq!(counter.reply_to(1, 1, 0).await, Ok(20));
    assert_eq!(counter.with_context(3).await, Ok(3));
    Sup::start_link(0, 0, 0).await.unwrap();
}
