#![deny(warnings, missing_docs, missing_debug_implementations, clippy::pedantic)]
//! Both attributes under strict lints, with everything given.

use otp::prelude::*;

/// A counter.
#[derive(Debug)]
pub struct Counter(i64);

#[gen_server]
impl Counter {
    /// From the beginning.
    #[init]
    pub fn init(initial: i64) -> Self {
        Counter(initial)
    }

    /// The value.
    #[handle_call]
    pub fn get(&self) -> i64 {
        self.0
    }
}

/// All counters.
#[dynamic_supervisor(max_children = 10)]
#[derive(Clone, Copy, Debug)]
pub struct CounterSup(Counter);

/// Several of them.
#[partition_supervisor(partitions = 2, strategy = one_for_all)]
#[derive(Debug)]
pub struct CounterSups(CounterSup);

/// Counters without a supervisor between.
#[partition_supervisor(partitions = 2, with = |_| Counter::child_spec(7))]
#[derive(Debug)]
pub struct Counters(Counter);

#[otp::main]
async fn main() -> otp::Result<()> {
    CounterSups::start_link().await?;
    Counters::start_link().await?;
    let counter = CounterSups::of("a").start_child(Counter::child_spec(1)).await?;
    assert_eq!(counter.get().await? + Counters::of(9).get().await?, 8);
    Ok(())
}
