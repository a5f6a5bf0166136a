//! Errors as answers: `{"error": "insufficient_funds", "message": "alice has .."}`.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use otp::http::HttpError;
use serde_json::json;

use crate::order::{Refusal, Unsettled};
use crate::teller::TellerError;

/// What a client is told that does not get what it asked for.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// After how many seconds it may try again, if that may help.
    retry_after: Option<u64>,
}

impl ApiError {
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
    ) -> ApiError {
        ApiError { status, code, message: message.into(), retry_after: None }
    }

    pub(super) fn not_found() -> ApiError {
        let message = "there is nothing here; see / for what there is";
        ApiError::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    pub(super) fn method_not_allowed() -> ApiError {
        let message = "this cannot be done here; see / for what can";
        ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
    }

    pub(super) fn bad_amount(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_amount", message)
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> ApiError {
        let status = match &refusal {
            Refusal::UnknownAccount(_) => StatusCode::NOT_FOUND,
            Refusal::AccountExists(_) => StatusCode::CONFLICT,
            Refusal::InsufficientFunds { .. }
            | Refusal::AmountNotPositive
            | Refusal::BalanceTooLarge
            | Refusal::SameAccount
            | Refusal::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        };
        ApiError::new(status, refusal.code(), refusal.to_string())
    }
}

impl From<Unsettled> for ApiError {
    fn from(unsettled: Unsettled) -> ApiError {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let error = ApiError::new(status, unsettled.code(), unsettled.to_string());
        ApiError { retry_after: Some(1), ..error }
    }
}

impl From<HttpError> for ApiError {
    fn from(error: HttpError) -> ApiError {
        let (code, message) = match error.status() {
            StatusCode::GATEWAY_TIMEOUT => ("timeout", "the answer did not come in time"),
            StatusCode::SERVICE_UNAVAILABLE => {
                ("unavailable", "the bank cannot answer at the moment; try again later")
            }
            _ => ("internal", "something went wrong in the bank"),
        };
        let retry_after = error.retry_after().map(|after| after.as_secs());
        ApiError { retry_after, ..ApiError::new(error.status(), code, message) }
    }
}

impl From<TellerError> for ApiError {
    fn from(error: TellerError) -> ApiError {
        match error {
            TellerError::Refused(refusal) => refusal.into(),
            TellerError::Unsettled(unsettled) => unsettled.into(),
            TellerError::Failed(error) => error.into(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": self.code, "message": self.message }));
        let mut response = (self.status, body).into_response();
        if let Some(after) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, after.into());
        }
        response
    }
}
