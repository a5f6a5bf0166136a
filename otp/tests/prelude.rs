//! The prelude beside the names of the standard library.

use otp::prelude::*;

struct Counter;

#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter
    }

    #[handle_call]
    fn get(&self) -> i64 {
        1
    }
}

#[derive(Clone, GenServer)]
struct Holder;

supervisor! {
    /// A counter and a holder.
    Bank {
        strategy: one_for_one,
        children: [Counter, Holder(Holder)],
    }
}

#[test]
fn a_plain_test_stays_a_plain_test() {
    assert_eq!(Counter::init().get(), 1);
}

#[otp::test]
async fn a_test_with_processes() {
    let bank = Bank::start_link().await.expect("the tree starts");
    assert_eq!(bank.count_children().await.expect("counts").active, 2);
}
