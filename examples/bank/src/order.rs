//! What the bank is asked for, and what it answers.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::key::Key;
use crate::name::AccountName;

/// Something that changes the books. Amounts are in the smallest unit of the currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// A new account, with nothing in it.
    Open {
        /// Its name.
        account: AccountName,
    },
    /// Money comes in from outside.
    Deposit {
        /// Who gets it.
        account: AccountName,
        /// How much.
        amount: i64,
    },
    /// Money goes out.
    Withdraw {
        /// Whose it was.
        account: AccountName,
        /// How much.
        amount: i64,
    },
    /// Money goes from one account to another.
    Transfer {
        /// Whose it was.
        account: AccountName,
        /// Who gets it.
        to: AccountName,
        /// How much.
        amount: i64,
    },
}

impl Operation {
    /// The account whose server takes the order.
    pub fn account(&self) -> &AccountName {
        match self {
            Operation::Open { account }
            | Operation::Deposit { account, .. }
            | Operation::Withdraw { account, .. }
            | Operation::Transfer { account, .. } => account,
        }
    }

    /// What it is, in one word.
    pub fn kind(&self) -> &'static str {
        match self {
            Operation::Open { .. } => "open",
            Operation::Deposit { .. } => "deposit",
            Operation::Withdraw { .. } => "withdraw",
            Operation::Transfer { .. } => "transfer",
        }
    }

    /// The rules that need no look into the books.
    ///
    /// # Errors
    ///
    /// [`Refusal::AmountNotPositive`] and [`Refusal::SameAccount`].
    pub fn check(&self) -> Result<(), Refusal> {
        match self {
            Operation::Open { .. } => Ok(()),
            Operation::Transfer { account, to, .. } if account == to => Err(Refusal::SameAccount),
            Operation::Deposit { amount, .. }
            | Operation::Withdraw { amount, .. }
            | Operation::Transfer { amount, .. } => match amount {
                1.. => Ok(()),
                _ => Err(Refusal::AmountNotPositive),
            },
        }
    }
}

/// An operation, and the key under which it is done once only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What is to be done.
    pub operation: Operation,
    /// What the client calls it.
    pub key: Option<Key>,
}

/// What somebody gets whose operation was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The account that was asked.
    pub account: AccountName,
    /// What it has now.
    pub balance: i64,
    /// The entry in the books; an account that was opened has none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entry: Option<i64>,
}

/// Why an operation was not done. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Open it first.
    #[error("there is no account {0}")]
    UnknownAccount(AccountName),
    /// Take another name.
    #[error("there is an account {0} already")]
    AccountExists(AccountName),
    /// Somebody has to deposit more first.
    #[error("{account} has {balance}, which is less than {amount}")]
    InsufficientFunds {
        /// Whose money it is.
        account: AccountName,
        /// How much there is.
        balance: i64,
        /// How much was asked for.
        amount: i64,
    },
    /// Amounts begin with one.
    #[error("an amount must be greater than zero")]
    AmountNotPositive,
    /// A balance has to fit into 64 bits.
    #[error("the balance would be too large")]
    BalanceTooLarge,
    /// Transfers need two accounts.
    #[error("an account cannot transfer to itself")]
    SameAccount,
    /// Take a key of its own for each request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
}

impl Refusal {
    /// It in one word, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::UnknownAccount(_) => "unknown_account",
            Refusal::AccountExists(_) => "account_exists",
            Refusal::InsufficientFunds { .. } => "insufficient_funds",
            Refusal::AmountNotPositive | Refusal::BalanceTooLarge => "bad_amount",
            Refusal::SameAccount => "same_account",
            Refusal::KeyReused => "key_reused",
        }
    }
}

/// The answer to an operation.
pub type Answer = Result<Receipt, Refusal>;

/// An order that has got its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The answer.
    pub answer: Answer,
    /// Whether the order had been settled earlier, and this is the answer of that time.
    pub is_replay: bool,
}

impl Settled {
    /// An answer that was found now.
    pub fn now(answer: Answer) -> Settled {
        Settled { answer, is_replay: false }
    }
}

/// Why an order got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unsettled {
    /// Too many wait already. Nothing has changed; try again later.
    #[error("too many orders wait; try again later")]
    Overload,
    /// The ledger is not there. Nothing has changed; try again later.
    #[error("the ledger is not there at the moment; try again later")]
    Unavailable,
    /// It may have been done or not. Send it again with the same idempotency key.
    #[error("whether it was done is not known; send it again with the same idempotency key")]
    OutcomeUnknown,
}

impl Unsettled {
    /// It in one word, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Unsettled::Overload => "overload",
            Unsettled::Unavailable => "unavailable",
            Unsettled::OutcomeUnknown => "outcome_unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountName, Operation, Refusal};

    #[test]
    fn some_rules_need_no_books() {
        let [a, b] = ["a", "b"].map(|name| AccountName::try_from(name.to_owned()).unwrap());
        let deposit = |amount| Operation::Deposit { account: a.clone(), amount }.check();
        assert_eq!(deposit(1), Ok(()));
        assert_eq!(deposit(i64::MAX), Ok(()));
        assert_eq!(deposit(0), Err(Refusal::AmountNotPositive));
        assert_eq!(deposit(i64::MIN), Err(Refusal::AmountNotPositive));
        let transfer = |to| Operation::Transfer { account: a.clone(), to, amount: 1 }.check();
        assert_eq!(transfer(b), Ok(()));
        assert_eq!(transfer(a.clone()), Err(Refusal::SameAccount));
    }
}
