//! The servers of accounts, and how they are found and supervised.

use std::sync::Arc;
use std::time::Duration;

use otp::prelude::*;

use crate::ledger::{Ledger, OrderReply, Submission, Underway};
use crate::name::AccountName;
use crate::order::{Order, Refusal, Settled, Unsettled};
use crate::store::Balance;

/// How long an account waits for the one who had it started.
const FIRST_ORDER: Duration = Duration::from_secs(1);

/// How long an idle account waits for its last orders before it looks again.
const LAST_ORDERS: Duration = Duration::from_millis(10);

/// Finds the server of an account by its name.
#[registry(unique)]
pub struct Accounts(AccountName);

/// Starts the servers of accounts.
#[dynamic_supervisor(max_children = 50_000)]
pub struct AccountSup(Account);

/// Several of them, so that one does not have to start all.
#[partition_supervisor]
pub struct AccountSups(AccountSup);

/// What holds for each account.
#[derive(Clone, Copy, Debug)]
pub struct AccountOptions {
    /// How long it stays when nobody asks it.
    pub idle: Duration,
    /// How many of its orders may be underway.
    pub underway: usize,
}

/// The server of one account, which is started when somebody asks it and ends when nobody does.
///
/// It keeps the orders of its account in line, refuses what is wrong whatever the books say, limits
/// how many are underway, so that a flood on one account leaves room for others, and knows the
/// balance, so that reading it needs no disk. Whether there is enough money is not decided here but
/// in the books: what is known here may be older than what is underway.
///
/// It hands its orders to the ledger together with their callers and waits for nobody, so two
/// accounts that transfer to each other cannot block each other.
///
/// The mailbox has no limit, since what the ledger says must never be dropped; its length is
/// limited by the number of connections.
#[derive(Debug)]
pub struct Account {
    name: AccountName,
    options: AccountOptions,
    /// What is on disk; `None` when there is no such account.
    balance: Option<Balance>,
    underway: Underway,
}

/// What is left to do after the start.
struct Load;

/// Why an account is not there; what it had not begun can be asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Nobody had asked it for some time.
    Idle,
    /// The ledger could not tell its balance.
    NotLoaded,
}

#[gen_server(name = via(Accounts, name), restart = temporary)]
impl Account {
    /// Answers its supervisor at once and gets the balance afterwards.
    #[init]
    pub fn init(name: AccountName, options: AccountOptions) -> Init<Self> {
        let account = Account { name, options, balance: None, underway: Arc::default() };
        Init::ok(account).continue_with(Load)
    }

    /// Gets the balance. It has its name already, so the ledger tells it of all that is newer.
    #[handle_continue]
    async fn load(&mut self, _: Load) -> Noreply {
        match Ledger::client().balance(self.name.clone()).await {
            Ok(balance) => self.balance = balance,
            Err(_) => return noreply().stop(ExitReason::shutdown_with(Gone::NotLoaded)),
        }
        noreply().timeout(self.rest().max(FIRST_ORDER))
    }

    /// What the account has.
    #[handle_call]
    pub fn balance(&self) -> Reply<Result<i64, Refusal>> {
        let unknown = || Refusal::UnknownAccount(self.name.clone());
        let balance = self.balance.map(|balance| balance.amount).ok_or_else(unknown);
        reply(balance).timeout(self.rest())
    }

    /// Has an order settled. It is on disk when the answer comes.
    #[handle_call]
    pub fn order(&mut self, order: Order, #[from] caller: ReplyTo<OrderReply>) -> Noreply {
        if let Err(refusal) = order.operation.check() {
            caller.reply(Ok(Settled::now(Err(refusal))));
        } else if self.underway() >= self.options.underway {
            caller.reply(Err(Unsettled::Overload));
        } else {
            Ledger::submit(Submission { order, caller, underway: Arc::clone(&self.underway) });
        }
        noreply().timeout(self.rest())
    }

    /// Hears from the ledger what is on disk.
    #[handle_cast]
    pub(crate) fn settled(&mut self, balance: Balance) -> Noreply {
        self.balance = self.balance.max(Some(balance));
        noreply().timeout(self.rest())
    }

    /// Ends when nobody waits: an order that is underway would lose its caller with this server.
    #[handle_info]
    fn nobody_asks(&mut self, _: Timeout) -> Noreply {
        if self.underway() > 0 {
            return noreply().timeout(self.options.idle.max(LAST_ORDERS));
        }
        noreply().stop(ExitReason::shutdown_with(Gone::Idle))
    }

    /// How long it waits for the next message. A name without an account needs no server.
    fn rest(&self) -> Duration {
        if self.balance.is_none() && self.underway() == 0 {
            return Duration::ZERO;
        }
        self.options.idle
    }

    fn underway(&self) -> usize {
        Arc::strong_count(&self.underway) - 1
    }
}
