//! Orders in the books: a batch of them in one transaction, each in a savepoint of its own.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::{OUTSIDE, StoreError};
use crate::key::Key;
use crate::name::AccountName;
use crate::order::{Answer, Operation, Order, Receipt, Refusal, Settled};

/// What an account has after so many postings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Balance {
    /// How many postings there are. The one with more is the later one.
    pub number: i64,
    /// The money.
    pub amount: i64,
}

/// What came of a batch.
#[derive(Debug)]
pub struct Committed {
    /// The answers, in the order of the orders.
    pub settled: Vec<Settled>,
    /// What the accounts have that were opened or changed.
    pub balances: HashMap<AccountName, Balance>,
}

/// Why an operation was not done.
enum Fault {
    /// By the rules. The others of the batch go on.
    Refused(Refusal),
    /// By the disk.
    Failed(StoreError),
}

/// Settles a batch of orders at a time in milliseconds since 1970. When this returns it is on disk.
///
/// # Errors
///
/// The books cannot be written. What of it is on disk is known when they are opened again.
pub(crate) fn commit(
    connection: &mut Connection,
    orders: &[Order],
    at: i64,
) -> Result<Committed, StoreError> {
    let behavior = TransactionBehavior::Immediate;
    let mut batch = Batch {
        transaction: connection.transaction_with_behavior(behavior)?,
        at,
        balances: HashMap::new(),
    };
    let settled = orders.iter().map(|order| batch.settle(order)).collect::<Result<_, _>>()?;
    batch.transaction.commit()?;
    Ok(Committed { settled, balances: batch.balances })
}

/// What an account has; `None` when there is no such account.
pub(crate) fn balance(
    connection: &Connection,
    account: &AccountName,
) -> Result<Option<Balance>, StoreError> {
    Ok(find(connection, account)?.map(|account| account.balance))
}

/// A batch that is not committed yet.
struct Batch<'a> {
    transaction: Transaction<'a>,
    at: i64,
    balances: HashMap<AccountName, Balance>,
}

/// An account in the books.
struct Account {
    id: i64,
    balance: Balance,
}

impl Batch<'_> {
    fn settle(&mut self, order: &Order) -> Result<Settled, StoreError> {
        let Order { operation, key } = order;
        let Some(key) = key else { return Ok(Settled::now(self.attempt(operation)?)) };
        let text = serde_json::to_string(operation)?;
        if let Some((recorded, answer)) = self.recorded(key)? {
            return Ok(if recorded == text {
                Settled { answer: serde_json::from_str(&answer)?, is_replay: true }
            } else {
                Settled::now(Err(Refusal::KeyReused))
            });
        }
        let answer = self.attempt(operation)?;
        self.transaction
            .prepare_cached("INSERT INTO orders (key, operation, answer) VALUES (?, ?, ?)")?
            .execute(params![key.as_str(), text, serde_json::to_string(&answer)?])?;
        Ok(Settled::now(answer))
    }

    /// The operation and the answer that are recorded under a key.
    fn recorded(&self, key: &Key) -> Result<Option<(String, String)>, StoreError> {
        let query = "SELECT operation, answer FROM orders WHERE key = ?";
        let mut query = self.transaction.prepare_cached(query)?;
        Ok(query.query_row([key.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Does an operation whole or not at all.
    fn attempt(&mut self, operation: &Operation) -> Result<Answer, StoreError> {
        self.execute("SAVEPOINT operation")?;
        let answer = match self.perform(operation) {
            Ok(receipt) => Ok(receipt),
            Err(Fault::Failed(error)) => return Err(error),
            Err(Fault::Refused(refusal)) => {
                self.execute("ROLLBACK TO operation")?;
                Err(refusal)
            }
        };
        self.execute("RELEASE operation")?;
        Ok(answer)
    }

    fn execute(&self, statement: &str) -> Result<(), StoreError> {
        self.transaction.prepare_cached(statement)?.execute([])?;
        Ok(())
    }

    fn perform(&mut self, operation: &Operation) -> Result<Receipt, Fault> {
        match operation {
            Operation::Open { account } => self.open(account),
            Operation::Deposit { account, amount } => {
                let (payer, payee) = (self.outside()?, self.account(account)?);
                let (entry, _, balance) = self.pay(payer, payee, *amount)?;
                Ok(self.receipt(account, balance, entry))
            }
            Operation::Withdraw { account, amount } => {
                let (payer, payee) = (self.account(account)?, self.outside()?);
                check_funds(account, payer.balance, *amount)?;
                let (entry, balance, _) = self.pay(payer, payee, *amount)?;
                Ok(self.receipt(account, balance, entry))
            }
            Operation::Transfer { account, to, amount } => {
                let (payer, payee) = (self.account(account)?, self.account(to)?);
                check_funds(account, payer.balance, *amount)?;
                let (entry, balance, other) = self.pay(payer, payee, *amount)?;
                self.balances.insert(to.clone(), other);
                Ok(self.receipt(account, balance, entry))
            }
        }
    }

    fn open(&mut self, account: &AccountName) -> Result<Receipt, Fault> {
        if find(&self.transaction, account)?.is_some() {
            return Err(Fault::Refused(Refusal::AccountExists(account.clone())));
        }
        let insert = "INSERT INTO accounts (name) VALUES (?)";
        self.transaction.prepare_cached(insert)?.execute([account.as_str()])?;
        self.balances.insert(account.clone(), Balance::default());
        Ok(Receipt { account: account.clone(), balance: 0, entry: None })
    }

    fn account(&self, name: &AccountName) -> Result<Account, Fault> {
        let found = find(&self.transaction, name)?;
        found.ok_or_else(|| Fault::Refused(Refusal::UnknownAccount(name.clone())))
    }

    fn outside(&self) -> Result<Account, Fault> {
        Ok(Account { id: OUTSIDE, balance: last(&self.transaction, OUTSIDE)? })
    }

    /// One entry with its two postings; gives its id and the new balances.
    fn pay(
        &self,
        payer: Account,
        payee: Account,
        amount: i64,
    ) -> Result<(i64, Balance, Balance), Fault> {
        self.transaction
            .prepare_cached("INSERT INTO entries (payer, payee, at) VALUES (?, ?, ?)")?
            .execute([payer.id, payee.id, self.at])?;
        let entry = self.transaction.last_insert_rowid();
        let paid = self.post(entry, payer, -amount)?; // it is above zero, so this fits
        Ok((entry, paid, self.post(entry, payee, amount)?))
    }

    fn post(&self, entry: i64, account: Account, amount: i64) -> Result<Balance, Fault> {
        let sum = account.balance.amount.checked_add(amount);
        let sum = sum.ok_or(Fault::Refused(Refusal::BalanceTooLarge))?;
        let balance = Balance { number: account.balance.number + 1, amount: sum };
        let insert = "INSERT INTO postings (account, number, entry, amount, balance)
            VALUES (?, ?, ?, ?, ?)";
        let values = [account.id, balance.number, entry, amount, balance.amount];
        self.transaction.prepare_cached(insert)?.execute(values)?;
        Ok(balance)
    }

    fn receipt(&mut self, account: &AccountName, balance: Balance, entry: i64) -> Receipt {
        self.balances.insert(account.clone(), balance);
        Receipt { account: account.clone(), balance: balance.amount, entry: Some(entry) }
    }
}

fn check_funds(account: &AccountName, has: Balance, amount: i64) -> Result<(), Fault> {
    if amount <= has.amount {
        return Ok(());
    }
    let (account, balance) = (account.clone(), has.amount);
    Err(Fault::Refused(Refusal::InsufficientFunds { account, balance, amount }))
}

fn find(connection: &Connection, name: &AccountName) -> Result<Option<Account>, rusqlite::Error> {
    let mut query = connection.prepare_cached("SELECT id FROM accounts WHERE name = ?")?;
    let id: Option<i64> = query.query_row([name.as_str()], |row| row.get(0)).optional()?;
    let Some(id) = id else { return Ok(None) };
    Ok(Some(Account { id, balance: last(connection, id)? }))
}

/// What an account has after its last posting.
fn last(connection: &Connection, account: i64) -> Result<Balance, rusqlite::Error> {
    let mut query = connection.prepare_cached(
        "SELECT number, balance FROM postings WHERE account = ? ORDER BY number DESC LIMIT 1",
    )?;
    let read = |row: &rusqlite::Row<'_>| Ok(Balance { number: row.get(0)?, amount: row.get(1)? });
    Ok(query.query_row([account], read).optional()?.unwrap_or_default())
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::Failed(error.into())
    }
}
