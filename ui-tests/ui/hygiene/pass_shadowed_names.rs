//! The expansions reach nothing by a short name.

#![allow(dead_code, non_camel_case_types)]

use otp::prelude::{gen_server, receive, supervisor};

mod std {}
mod core {}
struct Result;
struct Option;
struct Some;
struct None;
struct Ok;
struct Err;
struct String;
struct Box;
struct Vec;
struct Into;
struct From;
struct Clone;
struct Send;
struct Future;
struct Pid;
struct Supervisor;
struct GenServer;
struct Message;

pub struct Counter {
    value: i64,
}

#[gen_server(name, restart = transient, shutdown = 10s)]
impl Counter {
    #[init]
    pub fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    pub fn get(&self) -> i64 {
        self.value
    }

    #[handle_cast]
    pub fn add(&mut self, request: i64) {
        self.value += request;
    }
}

supervisor! {
    pub Bank(initial: i64) {
        strategy: one_for_one,
        children: [
            Counter(initial),
            Counter(5) { id: "second", name: "second" } if initial > 0,
        ],
    }
}

async fn wait(message: i64, boxed: i64, wanted: i64, received: i64) -> i64 {
    receive! {
        Counter { value } if value == message + boxed => value + wanted + received,
        other: otp::Message if other.is::<u8>() => 1,
        after 5s => 0,
    }
}

fn main() {
    let mut counter = Counter::init(40);
    counter.add(2);
    assert_eq!(counter.get(), 42);
}
