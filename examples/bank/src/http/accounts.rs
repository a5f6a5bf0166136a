//! Accounts, and what can be done with them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Desk;
use super::error::ApiError;
use super::extract::{Account, Body, IdempotencyKey, Parameters, name};
use crate::key::Key;
use crate::name::AccountName;
use crate::order::{Operation, Order};
use crate::store::{History, Page};

/// How many postings a page has when nothing is said, and at the most.
const PAGE: u32 = 20;
const LARGEST_PAGE: u32 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Opening {
    account: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sum {
    amount: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Transfer {
    to: String,
    amount: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageParameters {
    before: Option<i64>,
    limit: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct Balance {
    account: AccountName,
    balance: i64,
}

pub(super) async fn open(
    State(desk): State<Desk>,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<Opening>,
) -> Result<Response, ApiError> {
    let operation = Operation::Open { account: name(body.account)? };
    settle(&desk, operation, key, StatusCode::CREATED).await
}

pub(super) async fn deposit(
    State(desk): State<Desk>,
    Account(account): Account,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<Sum>,
) -> Result<Response, ApiError> {
    let operation = Operation::Deposit { account, amount: amount(&body.amount)? };
    settle(&desk, operation, key, StatusCode::OK).await
}

pub(super) async fn withdraw(
    State(desk): State<Desk>,
    Account(account): Account,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<Sum>,
) -> Result<Response, ApiError> {
    let operation = Operation::Withdraw { account, amount: amount(&body.amount)? };
    settle(&desk, operation, key, StatusCode::OK).await
}

pub(super) async fn transfer(
    State(desk): State<Desk>,
    Account(account): Account,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<Transfer>,
) -> Result<Response, ApiError> {
    let (to, amount) = (name(body.to)?, amount(&body.amount)?);
    settle(&desk, Operation::Transfer { account, to, amount }, key, StatusCode::OK).await
}

pub(super) async fn balance(
    State(desk): State<Desk>,
    Account(account): Account,
) -> Result<Json<Balance>, ApiError> {
    let balance = desk.teller.balance(&account).await?;
    Ok(Json(Balance { account, balance }))
}

pub(super) async fn history(
    State(desk): State<Desk>,
    Account(account): Account,
    Parameters(parameters): Parameters<PageParameters>,
) -> Result<Json<History>, ApiError> {
    let limit = parameters.limit.unwrap_or(PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit) {
        let message = format!("a page has 1 to {LARGEST_PAGE} postings");
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_page", message));
    }
    let before = parameters.before.unwrap_or(i64::MAX);
    Ok(Json(desk.teller.history(account, Page { before, limit }).await?))
}

async fn settle(
    desk: &Desk,
    operation: Operation,
    key: Option<Key>,
    done: StatusCode,
) -> Result<Response, ApiError> {
    let settled = desk.teller.order(Order { operation, key }).await?;
    let mut response = match settled.answer {
        Ok(receipt) => (done, Json(receipt)).into_response(),
        Err(refusal) => ApiError::from(refusal).into_response(),
    };
    if settled.is_replay {
        let is_replay = axum::http::HeaderValue::from_static("true");
        response.headers_mut().insert("idempotent-replay", is_replay);
    }
    Ok(response)
}

/// An amount, as the client wrote it. Whether it is greater than zero is a rule of the bank.
fn amount(value: &Value) -> Result<i64, ApiError> {
    match value {
        Value::Number(number) => number.as_i64().ok_or_else(|| {
            ApiError::bad_amount(format!("an amount is a whole number up to {}", i64::MAX))
        }),
        _ => Err(ApiError::bad_amount("an amount is a number, without quotes")),
    }
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn an_amount_is_a_whole_number() {
        let parsed = |text: &str| amount(&serde_json::from_str(text).unwrap()).ok();
        assert_eq!(parsed("12"), Some(12));
        assert_eq!(parsed("-1"), Some(-1));
        assert_eq!(parsed("9223372036854775807"), Some(i64::MAX));
        for bad in ["9223372036854775808", "1.5", "1.0", "1e2", "\"12\"", "null", "[1]", "1e999"] {
            let value = serde_json::from_str(bad);
            assert!(value.map_or(true, |value| amount(&value).is_err()), "{bad}");
        }
    }
}
