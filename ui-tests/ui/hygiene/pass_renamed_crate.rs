//! The library can be reached through another path.

mod kit {
    pub use ::otp;
}

use kit::otp::prelude::*;

pub struct Counter {
    value: i64,
}

#[gen_server(crate = crate::kit::otp)]
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
        strategy: one_for_one,
        children: [Counter(0)],
        crate: crate::kit::otp,
    }
}

fn main() {
    assert_eq!(Counter::init(42).get(), 42);
}
