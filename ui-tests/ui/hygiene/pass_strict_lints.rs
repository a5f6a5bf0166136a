//! The expansions bring no warning to the strictest of users.

#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub)]
#![deny(rust_2018_idioms, single_use_lifetimes, unused_qualifications)]

use otp::prelude::*;

/// A counter.
#[derive(Debug)]
pub struct Counter {
    value: i64,
}

#[gen_server(name, trap_exit, mailbox(capacity = 100, full = drop_oldest))]
impl Counter {
    /// Starts at `initial`.
    #[init]
    pub fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    /// Returns the current value.
    #[handle_call]
    pub fn get(&self) -> i64 {
        self.value
    }

    /// Returns the value under a name that is a keyword.
    #[handle_call]
    pub fn r#type(&self, r#as: i64) -> i64 {
        self.value + r#as
    }

    /// Adds later.
    #[handle_cast]
    pub fn add(&mut self, n: i64) {
        self.value += n;
    }

    #[handle_info]
    fn unknown(&mut self, _message: Message) {}

    #[hibernate]
    fn hibernate(&mut self) {}

    #[terminate]
    fn terminate(&mut self, _reason: &ExitReason) {}
}

/// Holds something.
#[derive(Debug, GenServer)]
#[server(name = "holder")]
pub struct Holder<T> {
    /// What it holds.
    pub held: T,
}

supervisor! {
    /// Everything.
    pub Bank {
        strategy: rest_for_one,
        children: [Counter(0)],
    }
}

/// Waits for a message.
pub async fn wait(mine: MonitorRef) -> u32 {
    receive! {
        number: u32 => number,
        mut number: i32 => {
            number += 1;
            number.unsigned_abs()
        }
        Down { monitor, pid: _pid, .. } if monitor == mine => 1,
        (_, "text"): (u8, &'static str) => return 2,
        _: Message => 3,
        after 5s => 4,
    }
}

fn main() {
    let mut counter = Counter::init(40);
    counter.add(1);
    assert_eq!(counter.r#type(1), 42);
    assert_eq!(counter.get(), 41);
}
