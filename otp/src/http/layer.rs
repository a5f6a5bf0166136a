//! The layer that turns errors of calls into responses.

use std::any::Any;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ::http::Response;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::error::{HttpError, RETRY};
use crate::{CallError, ChildError, StartError};

/// A layer for services that fail with errors of calls: it answers with the status that
/// [`HttpError`] lists. Other errors are passed on.
///
/// The error is a [`CallError`], [`ChildError`], [`StartError`] or [`HttpError`], or a box with one
/// of them in it or among its causes. Around an `axum::Router`, which never fails, the layer sets
/// the `Retry-After` of the handlers that return an [`HttpError`].
///
/// ```
/// # #[cfg(feature = "axum")] mod example {
/// use std::time::Duration;
///
/// use axum::Router;
/// use otp::http::CallErrorLayer;
///
/// pub fn router() -> Router {
///     Router::new().layer(CallErrorLayer::new().retry_after(Duration::from_secs(5)))
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CallErrorLayer {
    retry_after: Duration,
}

impl CallErrorLayer {
    /// Clients are told to try again after one second.
    pub fn new() -> CallErrorLayer {
        CallErrorLayer { retry_after: RETRY }
    }

    /// Says after what time clients may try again, in whole seconds rounded up.
    pub fn retry_after(mut self, after: Duration) -> CallErrorLayer {
        self.retry_after = after;
        self
    }
}

impl Default for CallErrorLayer {
    fn default() -> CallErrorLayer {
        CallErrorLayer::new()
    }
}

impl<S> Layer<S> for CallErrorLayer {
    type Service = CallErrorService<S>;

    fn layer(&self, inner: S) -> CallErrorService<S> {
        CallErrorService { inner, layer: *self }
    }
}

/// A service under a [`CallErrorLayer`].
#[derive(Clone, Debug)]
pub struct CallErrorService<S> {
    inner: S,
    layer: CallErrorLayer,
}

impl<S, Req, B> Service<Req> for CallErrorService<S>
where
    S: Service<Req, Response = Response<B>>,
    S::Error: 'static,
    B: From<&'static str>,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = CallErrorFuture<S::Future>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Req) -> CallErrorFuture<S::Future> {
        CallErrorFuture { inner: self.inner.call(request), layer: self.layer }
    }
}

pin_project! {
    /// The response of a [`CallErrorService`].
    #[derive(Debug)]
    pub struct CallErrorFuture<F> {
        #[pin]
        inner: F,
        layer: CallErrorLayer,
    }
}

impl<F, B, E> Future for CallErrorFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: From<&'static str>,
    E: 'static,
{
    type Output = Result<Response<B>, E>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = ready!(this.inner.poll(task));
        let found = match &result {
            Ok(response) => response.extensions().get::<HttpError>().cloned(),
            Err(error) => find(error),
        };
        let Some(error) = found else { return Poll::Ready(result) };
        let error = error.with_retry_after(this.layer.retry_after);
        Poll::Ready(Ok(match result {
            Ok(mut response) => {
                error.set_headers(response.headers_mut());
                response
            }
            Err(_) => error.to_response(),
        }))
    }
}

/// The error of a call in an error of any type.
fn find(error: &dyn Any) -> Option<HttpError> {
    if let Some(error) = error.downcast_ref::<Box<dyn Error + Send + Sync>>() {
        return HttpError::find(&**error);
    }
    if let Some(error) = error.downcast_ref::<Box<dyn Error>>() {
        return HttpError::find(&**error);
    }
    None.or_else(|| error.downcast_ref::<CallError>().map(HttpError::from))
        .or_else(|| error.downcast_ref::<ChildError>().map(HttpError::from))
        .or_else(|| error.downcast_ref::<StartError>().map(HttpError::from))
        .or_else(|| error.downcast_ref::<HttpError>().cloned())
}
