//! The ledger: the server that owns the books and commits orders in groups.

#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use otp::TryCastError;
use otp::prelude::*;

use crate::account::Account;
use crate::metrics;
use crate::name::AccountName;
use crate::order::{Order, Settled, Unsettled};
use crate::store::{self, Balance, Committed, History, OpenError, Page};
use crate::store::{Store, StoreError, StoreOptions};

/// How many orders are committed together at the most.
const BATCH: usize = 512;

/// What whoever gives an order is told.
pub type OrderReply = Result<Settled, Unsettled>;

/// An order on its way, who waits for its answer, and what counts it as underway.
#[derive(Debug)]
pub struct Submission {
    /// The order.
    pub order: Order,
    /// Who waits.
    pub caller: ReplyTo<OrderReply>,
    /// Dropped when the answer is out.
    pub underway: Underway,
}

/// A share of an account's count of orders underway.
pub type Underway = std::sync::Arc<()>;

/// The one who writes the books. Nobody is answered before the disk has what the answer says.
///
/// A commit costs a sync of the disk, however much is in it. So the ledger collects what waits in
/// its mailbox, and commits when nothing more does; what comes meanwhile waits there and is the
/// next batch. The mailbox has a limit, and who finds it full is told so at once.
///
/// When a commit fails nobody knows what is on disk. The callers are told so, the ledger ends, and
/// its supervisor starts one that reads the books anew, and the accounts with it.
#[derive(Debug)]
pub struct Ledger {
    store: Store,
    waiting: Vec<Submission>,
}

#[gen_server(name, trap_exit, shutdown = 30s, mailbox(capacity = 4096, calls = overload))]
impl Ledger {
    /// Opens the books. The start fails when they cannot be used or do not balance.
    #[init]
    pub async fn init(options: StoreOptions) -> Result<Self, OpenError> {
        match tokio::task::spawn_blocking(move || Store::open(&options)).await {
            Ok(store) => Ok(Ledger { store: store?, waiting: Vec::new() }),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// Takes an order; [`Ledger::submit`] sends it.
    #[handle_cast]
    async fn settle(&mut self, submission: Submission) -> Result<Noreply, StoreError> {
        self.waiting.push(submission);
        if self.waiting.len() >= BATCH {
            self.commit().await?;
        }
        Ok(noreply().timeout(Duration::ZERO)) // behind all that waits in the mailbox
    }

    #[handle_info]
    async fn nothing_waits(&mut self, _: Timeout) -> Result<(), StoreError> {
        self.commit().await
    }

    /// What an account has; `None` when there is no such account.
    #[handle_call]
    pub async fn balance(&mut self, account: AccountName) -> Reply<Option<Balance>> {
        let found = self.store.run(move |books| store::balance(books, &account)).await;
        reply(or_end(found)).timeout(Duration::ZERO)
    }

    /// A page of an account's postings; `None` when there is no such account.
    #[handle_call]
    pub async fn history(&mut self, account: AccountName, page: Page) -> Reply<Option<History>> {
        let found = self.store.run(move |books| store::history(books, &account, page)).await;
        reply(or_end(found)).timeout(Duration::ZERO)
    }

    /// Answers, which shows that the ledger is there and keeps up.
    #[handle_call]
    pub fn ping(&self) -> Reply<()> {
        reply(()).timeout(Duration::ZERO)
    }

    /// Commits what was accepted before the order to stop.
    #[terminate]
    async fn terminate(&mut self) {
        if let Err(error) = self.commit().await {
            eprintln!("bank: the last orders: {error}"); // their callers have been told
        }
    }

    async fn commit(&mut self) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return Ok(());
        }
        metrics::batch(waiting.len());
        let (orders, callers): (Vec<_>, Vec<_>) =
            waiting.into_iter().map(Submission::split).unzip();
        let at = now();
        let done = self.store.run(move |books| store::commit(books, &orders, at)).await;
        match done {
            Ok(Committed { settled, balances }) => {
                // The caches first: who has an answer must not find an older balance.
                for (account, balance) in balances {
                    Account::client(&account).settled(balance);
                }
                for ((caller, _), settled) in callers.into_iter().zip(settled) {
                    caller.reply(Ok(settled));
                }
                Ok(())
            }
            Err(error) => {
                for (caller, _) in callers {
                    caller.reply(Err(Unsettled::OutcomeUnknown));
                }
                Err(error)
            }
        }
    }
}

impl Ledger {
    /// Hands an order over and does not wait. Its caller is answered in any case.
    pub fn submit(submission: Submission) {
        let request = LedgerRequest::Settle { submission };
        let Err(refused) = Ledger::client().server().try_cast(request) else { return };
        let reason = match refused {
            TryCastError::Full(_) => Unsettled::Overload,
            _ => Unsettled::Unavailable,
        };
        if let LedgerRequest::Settle { submission } = refused.into_request() {
            submission.caller.reply(Err(reason));
        }
    }
}

impl Submission {
    fn split(self) -> (Order, (ReplyTo<OrderReply>, Underway)) {
        (self.order, (self.caller, self.underway))
    }
}

/// Books that cannot be read are read anew by the next ledger.
fn or_end<T>(found: Result<T, StoreError>) -> T {
    match found {
        Ok(found) => found,
        Err(error) => process::exit(ExitReason::error(error)),
    }
}

/// Milliseconds since 1970; 0 on a clock that is before it.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
