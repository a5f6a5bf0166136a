//! The smallest server with one handler of each common kind.

use otp::prelude::*;

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

    /// Adds `n` later; the caller does not wait.
    #[handle_cast]
    pub fn add(&mut self, n: i64) {
        self.value += n;
    }
}

fn main() {
    let mut counter = Counter::init(40);
    counter.add(2);
    assert_eq!(counter.get(), 42);
}
