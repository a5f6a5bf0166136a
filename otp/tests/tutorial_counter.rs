//! The first example of the tutorial, as printed: its tests run, and so does its `main`.

#![allow(missing_debug_implementations, missing_docs)] // the text is the one that people read

use otp::prelude::*;

/// A counter that any process can read and bump.
pub struct Counter {
    value: i64,
}

#[gen_server(name)]
impl Counter {
    #[init]
    pub fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    /// Returns the current value.
    #[handle_call]
    pub fn get(&self) -> i64 {
        self.value
    }

    /// Adds one and returns the new value.
    #[handle_call]
    pub fn increment(&mut self) -> i64 {
        self.value += 1;
        self.value
    }

    #[handle_call]
    pub fn reset(&mut self) {
        self.value = 0;
    }

    /// Adds `n` later; the caller does not wait.
    #[handle_cast]
    pub fn add(&mut self, n: i64) {
        self.value += n;
    }
}

#[otp::main]
async fn main() -> otp::Result<()> {
    Counter::start_link(0).await?;
    let counter = Counter::client(); // by name: survives restarts
    assert_eq!(counter.get().await?, 0);
    assert_eq!(counter.increment().await?, 1);
    counter.add(10); // asynchronous
    assert_eq!(counter.get().await?, 11);
    counter.reset().await?;
    assert_eq!(counter.get().await?, 0);
    Ok(())
}

#[test]
fn handlers_are_plain_functions() {
    let mut counter = Counter::init(40);
    counter.add(1);
    assert_eq!(counter.increment(), 42);
}

#[otp::test]
async fn two_counters_do_not_meet() {
    // Every #[otp::test] has its own names, so another test may also start `Counter`.
    let counter = otp::test::start_supervised(Counter::child_spec(7)).await;
    assert_eq!(counter.get().or_exit().await, 7);
}

#[test]
fn the_program_succeeds() {
    assert_eq!(main(), std::process::ExitCode::SUCCESS);
}
