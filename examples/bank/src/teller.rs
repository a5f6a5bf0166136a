//! The teller: finds the server of an account, or has it started, and asks it.

use otp::http::HttpError;
use otp::prelude::*;
use otp::{Call, ChildError, PartitionError};
use thiserror::Error;

use crate::account::{Account, AccountClient, AccountOptions, AccountSups, Gone};
use crate::ledger::Ledger;
use crate::metrics;
use crate::name::AccountName;
use crate::order::{Order, Refusal, Settled, Unsettled};
use crate::store::{History, Page};

/// How often a server may end just before it is asked.
const ATTEMPTS: u32 = 5;

/// Asks the bank on behalf of a client.
#[derive(Clone, Copy, Debug)]
pub struct Teller {
    options: AccountOptions,
}

/// Why the bank has no answer.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum TellerError {
    /// By its rules.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There was an order, and it was not settled.
    #[error(transparent)]
    Unsettled(#[from] Unsettled),
    /// A server did not answer, and nothing was ordered.
    #[error("the bank cannot answer at the moment")]
    Failed(HttpError),
}

impl Teller {
    /// A teller who has servers started with these options.
    pub fn new(options: AccountOptions) -> Teller {
        Teller { options }
    }

    /// Has an order settled.
    ///
    /// # Errors
    ///
    /// It was not settled, or nobody knows.
    pub async fn order(self, order: Order) -> Result<Settled, TellerError> {
        let kind = order.operation.kind();
        let account = order.operation.account().clone();
        let asked = self.ask(&account, |server| server.order(order.clone())).await;
        let result = match asked {
            Ok(reply) => reply.map_err(TellerError::from),
            Err(Asked::Never(error)) => Err(TellerError::Failed(error)),
            // It was sent, and whoever had it is gone or late.
            Err(Asked::InVain(_)) => Err(Unsettled::OutcomeUnknown.into()),
        };
        metrics::order(kind, &result);
        result
    }

    /// What an account has.
    ///
    /// # Errors
    ///
    /// There is no such account, or its server does not answer.
    pub async fn balance(self, account: &AccountName) -> Result<i64, TellerError> {
        match self.ask(account, |server| server.balance()).await {
            Ok(balance) => Ok(balance?),
            Err(Asked::Never(error)) => Err(TellerError::Failed(error)),
            Err(Asked::InVain(error)) => Err(TellerError::Failed(error.into())),
        }
    }

    /// A page of what happened to an account. It comes from the books, whose keeper is asked.
    ///
    /// # Errors
    ///
    /// There is no such account, or the ledger does not answer.
    pub async fn history(self, account: AccountName, page: Page) -> Result<History, TellerError> {
        let found = Ledger::client().history(account.clone(), page).await;
        let found = found.map_err(|error| TellerError::Failed(error.into()))?;
        found.ok_or(TellerError::Refused(Refusal::UnknownAccount(account)))
    }

    /// Calls the server of an account, and has it started when there is none.
    async fn ask<T: Send + 'static>(
        self,
        account: &AccountName,
        call: impl Fn(AccountClient) -> Call<Account, T>,
    ) -> Result<T, Asked> {
        for _ in 0..ATTEMPTS {
            match call(Account::client(account)).await {
                Ok(answer) => return Ok(answer),
                Err(CallError::NoProc) => self.start(account).await.map_err(Asked::Never)?,
                Err(CallError::Exited(reason)) => match gone(&reason) {
                    // The call lay in its mailbox, and is not begun.
                    Some(Gone::Idle) => {}
                    Some(Gone::NotLoaded) => break,
                    None => return Err(Asked::InVain(CallError::Exited(reason))),
                },
                Err(CallError::Overload) => return Err(Asked::Never(CallError::Overload.into())),
                Err(error) => return Err(Asked::InVain(error)),
            }
        }
        Err(Asked::Never(CallError::NoProc.into()))
    }

    async fn start(self, account: &AccountName) -> Result<(), HttpError> {
        let supervisor = match AccountSups::try_of(account.as_str()) {
            Ok(supervisor) => supervisor,
            Err(PartitionError::Call(error)) => return Err(error.into()),
            Err(_) => return Err(CallError::NoProc.into()),
        };
        let spec = Account::child_spec(account.clone(), self.options);
        match supervisor.start_child(spec).await {
            // Somebody else may have asked at the same time.
            Ok(_) | Err(ChildError::Start(StartError::AlreadyStarted(_))) => Ok(()),
            Err(ChildError::Start(StartError::Exit(_))) => Err(CallError::NoProc.into()),
            Err(error) => Err(error.into()),
        }
    }
}

/// How a call came to nothing.
enum Asked {
    /// Nobody has begun with it.
    Never(HttpError),
    /// Somebody may have.
    InVain(CallError),
}

fn gone(reason: &ExitReason) -> Option<Gone> {
    match reason {
        ExitReason::ShutdownWith(term) => term.downcast_ref().copied(),
        _ => None,
    }
}
