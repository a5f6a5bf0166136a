//! The ledger: an application with one server.

use otp::prelude::*;

use crate::load;

/// The balance of everything.
pub(crate) struct Accounts {
    balance: u64,
}

#[gen_server(name, trap_exit)]
impl Accounts {
    #[init]
    pub(crate) fn init() -> Self {
        Accounts { balance: 0 }
    }

    /// Adds to the balance and returns it.
    #[handle_call]
    pub(crate) fn deposit(&mut self, amount: u64) -> u64 {
        self.balance += amount;
        self.balance
    }

    #[terminate]
    fn terminate(&mut self, _: &ExitReason) {
        println!("balance {}", self.balance);
    }
}

supervisor! {
    LedgerSup {
        strategy: one_for_one,
        children: [Accounts],
    }
}

/// What the shop needs.
pub(crate) struct Ledger;

impl Application for Ledger {
    async fn start(&self, _: &StartContext) -> otp::Result<SupervisorRef> {
        Ok(LedgerSup::start_link().await?)
    }

    async fn stop(&self) {
        load::finish().await;
        println!("ledger stopped");
    }
}
