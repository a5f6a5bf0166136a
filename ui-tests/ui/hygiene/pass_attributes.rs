//! `cfg`, `deprecated`, `must_use`, lints and doc links travel to where they belong.

#![deny(warnings, missing_docs)]
#![warn(unexpected_cfgs)]

use otp::prelude::*;

/// A counter; see [`Counter::get`] and [`CounterClient::get`].
pub struct Counter(i64);

#[gen_server]
impl Counter {
    /// Starts at 0, see [`Counter`].
    #[init]
    pub fn init() -> Self {
        Counter(0)
    }

    /// The value, as [`Counter::set`] left it.
    #[handle_call]
    #[must_use]
    pub fn get(&self) -> i64 {
        self.0
    }

    /// Sets it.
    #[handle_cast]
    #[deprecated(note = "use `add`")]
    pub fn set(&mut self, n: i64) {
        self.0 = n;
    }

    /// Adds, on every system.
    #[handle_cast]
    #[cfg(any(unix, windows))]
    pub fn add(&mut self, n: i64) {
        self.0 += n;
    }

    /// There is no such system.
    #[handle_cast]
    #[cfg(all(unix, windows))]
    pub fn add(&mut self, n: Missing) {
        self.0 += n;
    }

    #[handle_info]
    #[cfg(all(unix, windows))]
    fn missing(&mut self, _: Missing) {}

    #[inline]
    #[cfg_attr(all(unix, windows), missing)]
    #[handle_info]
    fn tick(&mut self, _: Tick) {}
}

/// A message.
pub struct Tick;

supervisor! {
    /// A tree with children of other systems.
    pub Bank {
        strategy: one_for_one,
        children: [
            #[cfg(all(unix, windows))]
            Missing(1, 2),
            /// The counter.
            #[cfg(any(unix, windows))]
            Counter,
            Counter { id: "second", after: Counter },
        ],
    }
}

#[otp::main]
async fn main() {
    let counter = Counter::start_link().await.unwrap();
    #[allow(deprecated)]
    counter.set(41);
    counter.add(1);
    counter.send(Tick);
    assert_eq!(counter.get().await, Ok(42));
    Bank::start_link().await.unwrap();
}
