//! A bank: accounts over HTTP, double entry in SQLite, answers after the sync that covers them.

mod account;
mod application;
mod config;
mod http;
mod key;
mod ledger;
mod metrics;
mod name;
mod order;
mod store;
mod teller;

pub use account::{
    Account, AccountClient, AccountOptions, AccountSup, AccountSups, Accounts, Gone,
};
pub use application::{Bank, BankSup};
pub use config::BankConfig;
pub use http::{router, usage};
pub use key::{KEY_LIMIT, Key, KeyError};
pub use ledger::{Ledger, LedgerClient, OrderReply, Submission, Underway};
pub use metrics::{Figures, Upkeep, UpkeepClient};
pub use name::{AccountName, NAME_LIMIT, NameError};
pub use order::{Answer, Operation, Order, Receipt, Refusal, Settled, Unsettled};
pub use store::{
    Balance, Committed, History, OpenError, Page, Posting, Problem, Store, StoreError, StoreOptions,
};
pub use teller::{Teller, TellerError};
