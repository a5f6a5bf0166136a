//! The tutorial's counter.

use otp::prelude::*;

/// A counter that any process can read and bump.
pub(crate) struct Counter {
    value: i64,
}

#[gen_server(name)]
impl Counter {
    #[init]
    pub(crate) fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    /// Returns the current value.
    #[handle_call]
    pub(crate) fn get(&self) -> i64 {
        self.value
    }

    /// Adds one and returns the new value.
    #[handle_call]
    pub(crate) fn increment(&mut self) -> i64 {
        self.value = self.value.wrapping_add(1);
        self.value
    }

    /// Starts again from zero.
    #[handle_call]
    pub(crate) fn reset(&mut self) {
        self.value = 0;
    }

    /// Adds `n` later; the caller does not wait.
    #[handle_cast]
    pub(crate) fn add(&mut self, n: i64) {
        self.value = self.value.wrapping_add(n);
    }

    /// Panics, to show what its supervisor makes of that.
    #[handle_call]
    pub(crate) fn crash(&mut self) {
        panic!("crashed on request at {}", self.value);
    }
}

#[cfg(test)]
mod tests {
    use super::Counter;

    #[test]
    fn handlers_are_plain_functions() {
        let mut counter = Counter::init(40);
        counter.add(1);
        assert_eq!(counter.increment(), 42);
        counter.reset();
        assert_eq!(counter.get(), 0);
    }

    #[otp::test(start_paused = true)]
    async fn a_crash_costs_its_caller_an_error_and_brings_a_fresh_counter() {
        let counter = otp::test::start_supervised(Counter::child_spec(7)).await;
        assert_eq!(counter.increment().await, Ok(8));
        assert!(matches!(counter.crash().await, Err(otp::CallError::Exited(_))));
        while Counter::client().get().await != Ok(7) {
            otp::process::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
}
