//! Errors of calls as answers to an HTTP request.

use std::fmt;
use std::time::Duration;

use ::http::header::{CONTENT_TYPE, RETRY_AFTER};
use ::http::{HeaderMap, HeaderValue, Response, StatusCode};

use crate::{CallError, ChildError, ExitReason, StartError};

/// What is said in `Retry-After` when nothing else is.
pub(super) const RETRY: Duration = Duration::from_secs(1);

/// An error of a call or of a supervisor, as the answer to an HTTP request.
///
/// It is made from those errors by `?`. With the feature `axum` it is a response, so that a
/// handler may return it:
///
/// ```
/// # #[cfg(feature = "axum")] mod example {
/// # use otp::prelude::*;
/// # pub struct Counter { value: i64 }
/// # #[gen_server(name)]
/// # impl Counter {
/// #     #[init] pub fn init(initial: i64) -> Self { Counter { value: initial } }
/// #     #[handle_call] pub fn get(&self) -> i64 { self.value }
/// # }
/// use otp::http::HttpError;
///
/// pub async fn value() -> Result<String, HttpError> {
///     Ok(Counter::client().get().await?.to_string())
/// }
/// # }
/// ```
///
/// - 504 `timeout`: [`CallError::Timeout`], [`StartError::Timeout`].
/// - 503 `overload`, with `Retry-After`: [`CallError::Overload`], [`ChildError::MaxChildren`].
/// - 503 `unavailable`, with `Retry-After`: [`CallError::NoProc`], [`CallError::NoConnection`], a
///   server that was shut down, [`ChildError::Restarting`].
/// - 404 `not_found`: [`ChildError::NotFound`].
/// - 409 `conflict`: [`ChildError::AlreadyStarted`], `AlreadyPresent`, `Running`, and
///   [`StartError::AlreadyStarted`].
/// - 500 `internal`: everything else, such as a server that crashed.
///
/// The body is `{"error":"timeout"}` and the like. It tells nothing of the inside: reasons and
/// messages stay in the log, where a crash is reported anyway. A crash is 500 and not 502, as the
/// server is a part of the program that answers, not another host behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpError {
    kind: Kind,
    retry_after: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Timeout,
    Overload,
    Unavailable,
    NotFound,
    Conflict,
    Internal,
}

impl HttpError {
    fn new(kind: Kind) -> HttpError {
        HttpError { kind, retry_after: RETRY }
    }

    /// Something went wrong, and no more is said.
    #[cfg(feature = "axum")]
    pub(super) fn internal() -> HttpError {
        HttpError::new(Kind::Internal)
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self.kind {
            Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Kind::Overload | Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// After what time the client may try again, in whole seconds rounded up, if that may help. One
    /// second unless said otherwise.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.kind {
            Kind::Overload | Kind::Unavailable => Some(self.retry_after),
            _ => None,
        }
    }

    /// Says after what time the client may try again, where that may help.
    pub fn with_retry_after(mut self, after: Duration) -> HttpError {
        let begun = u64::from(after.subsec_nanos() > 0);
        self.retry_after = Duration::from_secs(after.as_secs().saturating_add(begun));
        self
    }

    /// The word in the body.
    fn word(&self) -> &'static str {
        match self.kind {
            Kind::Timeout => "timeout",
            Kind::Overload => "overload",
            Kind::Unavailable => "unavailable",
            Kind::NotFound => "not_found",
            Kind::Conflict => "conflict",
            Kind::Internal => "internal",
        }
    }

    /// The answer, with any body that can be made of a text.
    ///
    /// The error itself is among its extensions, for layers that want to change the answer.
    pub fn to_response<B: From<&'static str>>(&self) -> Response<B> {
        let body = match self.kind {
            Kind::Timeout => r#"{"error":"timeout"}"#,
            Kind::Overload => r#"{"error":"overload"}"#,
            Kind::Unavailable => r#"{"error":"unavailable"}"#,
            Kind::NotFound => r#"{"error":"not_found"}"#,
            Kind::Conflict => r#"{"error":"conflict"}"#,
            Kind::Internal => r#"{"error":"internal"}"#,
        };
        let mut response = Response::new(B::from(body));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.set_headers(headers);
        response.extensions_mut().insert(self.clone());
        response
    }

    /// Sets the headers that a layer may change.
    pub(super) fn set_headers(&self, headers: &mut HeaderMap) {
        if let Some(after) = self.retry_after() {
            headers.insert(RETRY_AFTER, HeaderValue::from(after.as_secs()));
        }
    }

    /// Finds an error of a call, a supervisor or a start in an error or among its causes.
    pub(super) fn find(error: &(dyn std::error::Error + 'static)) -> Option<HttpError> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(error) = error.downcast_ref::<HttpError>() {
                return Some(error.clone());
            } else if let Some(error) = error.downcast_ref::<CallError>() {
                return Some(error.into());
            } else if let Some(error) = error.downcast_ref::<ChildError>() {
                return Some(error.into());
            } else if let Some(error) = error.downcast_ref::<StartError>() {
                return Some(error.into());
            }
            next = error.source();
        }
        None
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.status(), self.word())
    }
}

impl std::error::Error for HttpError {}

impl From<&CallError> for HttpError {
    fn from(error: &CallError) -> HttpError {
        HttpError::new(match error {
            CallError::Timeout => Kind::Timeout,
            CallError::Overload => Kind::Overload,
            CallError::NoProc | CallError::NoConnection => Kind::Unavailable,
            CallError::Exited(ExitReason::Shutdown | ExitReason::ShutdownWith(_)) => {
                Kind::Unavailable
            }
            CallError::CallingSelf | CallError::NoReply => {
                // Faults of the program that nobody else reports.
                tracing::error!(target: "otp::http", "a call failed: {error}");
                Kind::Internal
            }
            _ => Kind::Internal,
        })
    }
}

impl From<&StartError> for HttpError {
    fn from(error: &StartError) -> HttpError {
        HttpError::new(match error {
            StartError::AlreadyStarted(_) => Kind::Conflict,
            StartError::Timeout => Kind::Timeout,
            _ => Kind::Internal,
        })
    }
}

impl From<&ChildError> for HttpError {
    fn from(error: &ChildError) -> HttpError {
        HttpError::new(match error {
            ChildError::NotFound => Kind::NotFound,
            ChildError::Running | ChildError::AlreadyStarted(_) | ChildError::AlreadyPresent => {
                Kind::Conflict
            }
            ChildError::Restarting => Kind::Unavailable,
            ChildError::MaxChildren => Kind::Overload,
            ChildError::Start(error) => return error.into(),
            ChildError::Call(error) => return error.into(),
            _ => Kind::Internal,
        })
    }
}

impl From<CallError> for HttpError {
    fn from(error: CallError) -> HttpError {
        HttpError::from(&error)
    }
}

impl From<StartError> for HttpError {
    fn from(error: StartError) -> HttpError {
        HttpError::from(&error)
    }
}

impl From<ChildError> for HttpError {
    fn from(error: ChildError) -> HttpError {
        HttpError::from(&error)
    }
}

#[cfg(feature = "axum")]
impl axum::response::IntoResponse for HttpError {
    fn into_response(self) -> axum::response::Response {
        self.to_response()
    }
}
