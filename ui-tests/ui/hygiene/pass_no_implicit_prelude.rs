//! The expansions need no prelude.

#![no_implicit_prelude]

use ::otp::prelude::{gen_server, receive, supervisor};

pub struct Counter {
    value: i64,
}

#[gen_server(name)]
impl Counter {
    #[init]
    pub fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    pub fn get(&self) -> i64 {
        self.value
    }
}

supervisor! {
    pub Bank {
        strategy: one_for_all,
        children: [Counter(0)],
    }
}

pub async fn wait() -> i64 {
    receive! {
        Counter { value } if value > 0 => value,
        after 5s => 0,
    }
}

fn main() {
    ::std::assert_eq!(Counter::init(42).get(), 42);
}
