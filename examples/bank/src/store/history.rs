//! What happened to an account, page by page.

use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;

use super::{OUTSIDE, StoreError};
use crate::name::AccountName;

/// Which postings are wanted: the latest ones before a number.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Only those with a smaller number.
    pub before: i64,
    /// So many at the most.
    pub limit: u32,
}

/// A page of an account's postings, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct History {
    /// Whose postings they are.
    pub account: AccountName,
    /// The postings.
    pub postings: Vec<Posting>,
    /// `before` of the next page, if there is one.
    pub next: Option<i64>,
}

/// One side of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Posting {
    /// Its number within its account, counted from one.
    pub number: i64,
    /// The entry that it belongs to.
    pub entry: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What happened, in one word.
    pub kind: &'static str,
    /// The other account, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// How much came in; less than zero when it went out.
    pub amount: i64,
    /// What the account had then.
    pub balance: i64,
}

/// A page; `None` when there is no such account.
pub(crate) fn history(
    connection: &Connection,
    account: &AccountName,
    page: Page,
) -> Result<Option<History>, StoreError> {
    let mut find = connection.prepare_cached("SELECT id FROM accounts WHERE name = ?")?;
    let id: Option<i64> = find.query_row([account.as_str()], |row| row.get(0)).optional()?;
    let Some(id) = id else { return Ok(None) };
    let mut query = connection.prepare_cached(
        "SELECT p.number, p.entry, e.at, o.id, o.name, p.amount, p.balance
        FROM postings p
        JOIN entries e ON e.id = p.entry
        JOIN accounts o ON o.id = iif(e.payer = p.account, e.payee, e.payer)
        WHERE p.account = ? AND p.number < ? ORDER BY p.number DESC LIMIT ?",
    )?;
    let rows = query.query_map([id, page.before, i64::from(page.limit)], posting)?;
    let postings = rows.collect::<Result<Vec<_>, _>>()?;
    let next = postings.last().map(|posting| posting.number).filter(|number| *number > 1);
    Ok(Some(History { account: account.clone(), postings, next }))
}

fn posting(row: &Row<'_>) -> rusqlite::Result<Posting> {
    let (other, name): (i64, String) = (row.get(3)?, row.get(4)?);
    let amount: i64 = row.get(5)?;
    let kind = match (other, amount) {
        (OUTSIDE, 1..) => "deposit",
        (OUTSIDE, _) => "withdraw",
        (_, 1..) => "transfer_in",
        _ => "transfer_out",
    };
    Ok(Posting {
        number: row.get(0)?,
        entry: row.get(1)?,
        at: row.get(2)?,
        kind,
        with: (other != OUTSIDE).then_some(name),
        amount,
        balance: row.get(6)?,
    })
}
