//! Errors, as clients see them: a word for programs and a sentence for people.

use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use otp::prelude::*;
use serde_json::json;

use crate::job::InvalidJob;
use crate::store::{ControlError, EnqueueError, StoreError};
use crate::worker::WorkerError;

/// After what time a client may try again.
const RETRY: Duration = Duration::from_secs(1);

/// An error as an answer: `{"error": "..", "message": ".."}`.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    error: &'static str,
    message: String,
    retry_after: Option<Duration>,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, error: &'static str, message: impl ToString) -> ApiError {
        ApiError { status, error, message: message.to_string(), retry_after: None }
    }

    pub(super) fn invalid(message: impl ToString) -> ApiError {
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message)
    }

    pub(super) fn not_found(message: impl ToString) -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    pub(super) fn method() -> ApiError {
        let message = "this address does not take such a request";
        ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
    }

    pub(super) fn foreign_origin() -> ApiError {
        let message = "a page of another site must not use this one";
        ApiError::new(StatusCode::FORBIDDEN, "foreign_origin", message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "message": self.message }).to_string();
        let mut response =
            (self.status, [(CONTENT_TYPE, "application/json")], body).into_response();
        if let Some(after) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, after.as_secs().into());
        }
        response
    }
}

/// A process did not answer. Of a change nobody knows whether it was made.
impl From<CallError> for ApiError {
    fn from(error: CallError) -> ApiError {
        let (status, word, message) = match error {
            CallError::Timeout => (
                StatusCode::GATEWAY_TIMEOUT,
                "timeout",
                "no answer in time; a change may be made or not",
            ),
            CallError::NoProc | CallError::NoConnection | CallError::Overload => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "the queue is starting or stopping; try again",
            ),
            // The store has failed, and is being started again.
            _ => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unknown_outcome",
                "the queue failed before it had an answer; a change may be made or not",
            ),
        };
        let retry_after = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(RETRY);
        ApiError { retry_after, ..ApiError::new(status, word, message) }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> ApiError {
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "database", error)
    }
}

impl From<EnqueueError> for ApiError {
    fn from(error: EnqueueError) -> ApiError {
        ApiError::new(StatusCode::CONFLICT, "too_many_queues", error)
    }
}

impl From<InvalidJob> for ApiError {
    fn from(error: InvalidJob) -> ApiError {
        ApiError::invalid(error)
    }
}

impl From<WorkerError> for ApiError {
    fn from(error: WorkerError) -> ApiError {
        let word = match error {
            WorkerError::Unknown { .. } => "unknown_kind",
            WorkerError::Args { .. } => "invalid_args",
        };
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, word, error)
    }
}

impl From<ControlError> for ApiError {
    fn from(error: ControlError) -> ApiError {
        match error {
            ControlError::NoJob { .. } | ControlError::NoQueue { .. } => ApiError::not_found(error),
            ControlError::State { .. } => ApiError::new(StatusCode::CONFLICT, "wrong_state", error),
        }
    }
}
