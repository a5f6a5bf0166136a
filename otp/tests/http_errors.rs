//! Errors of calls as responses, and the tower layer.

use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, poll_fn, ready};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Response, StatusCode};
use otp::http::{CallErrorLayer, HttpError};
use otp::{CallError, ChildError, ExitReason, StartError, process};
use tower_layer::Layer;
use tower_service::Service;

/// Status, `Retry-After` and body of an error.
fn shown(error: impl Into<HttpError>) -> (u16, Option<String>, String) {
    parts(error.into().to_response())
}

fn parts(response: Response<String>) -> (u16, Option<String>, String) {
    let retry = response.headers().get("retry-after").map(|v| v.to_str().unwrap().to_owned());
    assert_eq!(response.headers()["content-type"], "application/json");
    (response.status().as_u16(), retry, response.into_body())
}

fn body(word: &str) -> String {
    format!(r#"{{"error":"{word}"}}"#)
}

#[test]
fn a_time_out_is_a_gateway_time_out() {
    assert_eq!(shown(CallError::Timeout), (504, None, body("timeout")));
    assert_eq!(shown(StartError::Timeout), (504, None, body("timeout")));
    assert_eq!(shown(ChildError::Call(CallError::Timeout)), (504, None, body("timeout")));
}

#[test]
fn an_overload_may_be_tried_again() {
    let one = Some("1".to_owned());
    assert_eq!(shown(CallError::Overload), (503, one.clone(), body("overload")));
    assert_eq!(shown(ChildError::MaxChildren), (503, one, body("overload")));
}

#[test]
fn a_server_that_is_not_there_may_come() {
    let unavailable = (503, Some("1".to_owned()), body("unavailable"));
    for error in [
        CallError::NoProc,
        CallError::NoConnection,
        CallError::Exited(ExitReason::Shutdown),
        CallError::Exited(ExitReason::shutdown_with("moved")),
    ] {
        assert_eq!(shown(error), unavailable);
    }
    assert_eq!(shown(ChildError::Restarting), unavailable);
}

#[otp::test]
async fn what_is_there_already_is_a_conflict() {
    let pid = process::self_pid();
    let conflict = (409, None, body("conflict"));
    assert_eq!(shown(StartError::AlreadyStarted(pid)), conflict);
    for error in [
        ChildError::AlreadyStarted(pid),
        ChildError::AlreadyPresent,
        ChildError::Running,
        ChildError::Start(StartError::AlreadyStarted(pid)),
    ] {
        assert_eq!(shown(error), conflict);
    }
    assert_eq!(shown(ChildError::NotFound), (404, None, body("not_found")));
}

#[test]
fn faults_of_the_program_tell_nothing() {
    let internal = (500, None, body("internal"));
    for error in [
        CallError::Exited(ExitReason::error("the password is wrong")),
        CallError::Exited(ExitReason::Killed),
        CallError::Exited(ExitReason::Normal),
        CallError::CallingSelf,
        CallError::NoReply,
    ] {
        assert_eq!(shown(error), internal);
    }
    assert_eq!(shown(StartError::Exit(ExitReason::Normal)), internal);
    assert_eq!(shown(ChildError::Invalid("secret".to_owned())), internal);
}

#[test]
fn retry_after_is_in_whole_seconds() {
    let error = HttpError::from(CallError::Overload);
    let after = |millis| error.clone().with_retry_after(Duration::from_millis(millis));
    assert_eq!(after(1_001).retry_after(), Some(Duration::from_secs(2)));
    assert_eq!(shown(after(3_000)), (503, Some("3".to_owned()), body("overload")));
    let late = HttpError::from(CallError::Timeout).with_retry_after(Duration::from_secs(3));
    assert_eq!((late.retry_after(), late.status()), (None, StatusCode::GATEWAY_TIMEOUT));
}

/// A service that gives one result again and again.
#[derive(Clone)]
struct Gives<E>(fn() -> Result<Response<String>, E>);

impl<E> Service<()> for Gives<E> {
    type Response = Response<String>;
    type Error = E;
    type Future = Ready<Result<Response<String>, E>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), E>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        ready((self.0)())
    }
}

/// The result of the service under the layer.
async fn layered<E: 'static>(
    result: fn() -> Result<Response<String>, E>,
) -> Result<Response<String>, E> {
    let layer = CallErrorLayer::new().retry_after(Duration::from_secs(7));
    let mut service = layer.layer(Gives(result));
    poll_fn(|task| service.poll_ready(task)).await?;
    service.call(()).await
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An error with another one as its cause.
#[derive(Debug)]
struct Because(CallError);

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it went wrong")
    }
}

impl std::error::Error for Because {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[otp::test]
async fn the_layer_answers_for_a_service_that_fails_with_an_error_of_a_call() {
    let answer = layered::<CallError>(|| Err(CallError::Overload)).await.unwrap();
    assert_eq!(parts(answer), (503, Some("7".to_owned()), body("overload")));
    let answer = layered::<ChildError>(|| Err(ChildError::NotFound)).await.unwrap();
    assert_eq!(parts(answer), (404, None, body("not_found")));
    let answer = layered::<StartError>(|| Err(StartError::Timeout)).await.unwrap();
    assert_eq!(parts(answer), (504, None, body("timeout")));
    let answer = layered::<HttpError>(|| Err(CallError::NoProc.into())).await.unwrap();
    assert_eq!(parts(answer), (503, Some("7".to_owned()), body("unavailable")));
}

#[otp::test]
async fn the_layer_looks_into_boxes_and_at_causes() {
    let answer = layered::<BoxError>(|| Err(Box::new(CallError::Timeout))).await.unwrap();
    assert_eq!(parts(answer), (504, None, body("timeout")));
    let answer = layered::<BoxError>(|| Err(Box::new(Because(CallError::NoProc)))).await.unwrap();
    assert_eq!(parts(answer), (503, Some("7".to_owned()), body("unavailable")));
    let local = layered::<Box<dyn std::error::Error>>(|| Err(Box::new(CallError::NoReply)));
    assert_eq!(parts(local.await.unwrap()), (500, None, body("internal")));
}

#[otp::test]
async fn the_layer_passes_on_what_it_does_not_know() {
    let error = layered::<BoxError>(|| Err("something else".into())).await.unwrap_err();
    assert_eq!(error.to_string(), "something else");
    let answer = layered::<Infallible>(|| Ok(Response::new("fine".to_owned()))).await.unwrap();
    assert_eq!((answer.status(), &**answer.body()), (StatusCode::OK, "fine"));
    assert!(!answer.headers().contains_key("retry-after"));
}

#[otp::test]
async fn the_layer_sets_the_retry_after_of_an_answer_that_is_such_an_error() {
    let answer = layered::<Infallible>(|| Ok(HttpError::from(CallError::NoProc).to_response()));
    assert_eq!(parts(answer.await.unwrap()), (503, Some("7".to_owned()), body("unavailable")));
    // Not of any other answer.
    fn other() -> Result<Response<String>, Infallible> {
        Ok(Response::builder().status(503).body(String::new()).unwrap())
    }
    assert!(!layered(other).await.unwrap().headers().contains_key("retry-after"));
}
