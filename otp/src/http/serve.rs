//! The process of an HTTP server: it accepts connections, and drains them at its end.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Version};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tower_service::Service;

use super::error::HttpError;
use crate::{Exit, ExitReason, Message, Pid, process};

/// How long accepting rests when the program has no more file descriptors or the like.
const REST: Duration = Duration::from_secs(1);

/// How long a client may take for the head of a request, and between two of them.
const HEAD: Duration = Duration::from_secs(30);

/// How long connections without a request stay open when the server drains. What a client has sent
/// before it could know of the end is answered.
const LINGER: Duration = Duration::from_millis(100);

/// Asks for the address.
pub(super) struct Where(pub(super) oneshot::Sender<SocketAddr>);

/// Asks the server to end.
pub(super) struct Stop;

/// What a server serves, and how.
pub(super) struct Serve {
    pub(super) listener: TcpListener,
    pub(super) address: SocketAddr,
    pub(super) router: Router,
    pub(super) drain: Duration,
    pub(super) max_connections: usize,
    /// The process that started the server.
    pub(super) parent: Option<Pid>,
}

impl Serve {
    /// Serves until the process is told to end, and then answers what it has.
    ///
    /// All sockets are in this future or in its connections' tasks, which end with it.
    pub(super) async fn run(self) {
        process::trap_exit(true);
        let Serve { listener, address, router, drain, max_connections, parent } = self;
        let mut connections = Connections::new(router);
        let reason = loop {
            let has_room = connections.tasks.len() < max_connections;
            tokio::select! {
                biased;
                message = process::receive() => {
                    if let Some(reason) = order(message, address, parent) {
                        break reason;
                    }
                }
                () = connections.ended() => {}
                accepted = listener.accept(), if has_room => match accepted {
                    Ok((stream, peer)) => connections.serve(stream, peer),
                    Err(error) if is_of_one_connection(&error) => {}
                    Err(error) => {
                        tracing::error!(target: "otp::http", "cannot accept: {error}");
                        process::sleep(REST).await;
                    }
                },
            }
        };
        connections.accept_last(listener);
        connections.drain(drain).await;
        if reason != ExitReason::Normal {
            process::exit(reason);
        }
    }
}

/// Does what a message says, or gives the reason to end.
fn order(message: Message, address: SocketAddr, parent: Option<Pid>) -> Option<ExitReason> {
    let message = match message.downcast::<Where>() {
        Ok(Where(caller)) => {
            let _ = caller.send(address); // it may have given up
            return None;
        }
        Err(message) => message,
    };
    if message.is::<Stop>() {
        return Some(ExitReason::Normal);
    }
    let exit = message.downcast_ref::<Exit>()?;
    let ends = parent == Some(exit.from) || exit.reason != ExitReason::Normal;
    ends.then(|| exit.reason.clone())
}

/// Whether accepting may go on at once.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    let kind = error.kind();
    [ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted].contains(&kind)
}

/// The connections of a server. Dropping it cuts them.
struct Connections {
    tasks: JoinSet<()>,
    router: Router,
    /// Says that the server drains.
    draining: watch::Sender<bool>,
}

impl Connections {
    fn new(router: Router) -> Connections {
        Connections { tasks: JoinSet::new(), router, draining: watch::Sender::new(false) }
    }

    fn serve(&mut self, stream: TcpStream, peer: SocketAddr) {
        let _ = stream.set_nodelay(true); // only slower without it
        self.tasks.spawn(serve(stream, peer, self.router.clone(), self.draining.subscribe()));
    }

    /// Ready when a connection has ended; never, when there is none.
    async fn ended(&mut self) {
        if self.tasks.join_next().await.is_none() {
            std::future::pending::<()>().await;
        }
    }

    /// Takes the connections that clients have made and nobody has accepted yet, and closes the
    /// listener.
    ///
    /// The system is asked itself: the runtime knows only what was there when it last looked.
    fn accept_last(&mut self, listener: TcpListener) {
        let Ok(listener) = listener.into_std() else { return };
        while let Ok((stream, peer)) = listener.accept() {
            let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
            if let Ok(stream) = stream {
                self.serve(stream, peer);
            }
        }
    }

    /// Lets the connections answer the requests that they have, and cuts those that are too slow.
    async fn drain(mut self, limit: Duration) {
        self.draining.send_replace(true);
        let all_ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(limit, all_ended).await.is_err() {
            let cut = self.tasks.len();
            tracing::warn!(target: "otp::http", cut, "connections were cut after {limit:?}");
            self.tasks.shutdown().await;
        }
    }
}

/// Serves one connection.
async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut draining: watch::Receiver<bool>,
) {
    let drains = draining.clone();
    let is_silent = Arc::new(AtomicBool::new(true));
    let silent = Arc::clone(&is_silent);
    let service = service_fn(move |request| {
        silent.store(false, Ordering::Relaxed);
        let (answering, drains) = (answer(router.clone(), request, peer), drains.clone());
        async move {
            let mut response = answering.await?;
            if *drains.borrow() && response.version() < Version::HTTP_2 {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<Response, Infallible>(response)
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let drained = async {
        until(&mut draining).await;
        tokio::time::sleep(LINGER).await;
    };
    let ended = tokio::select! {
        biased;
        result = connection.as_mut() => Some(result),
        () = drained => None,
        () = never_asks(&is_silent) => return,
    };
    let result = match ended {
        Some(result) => result,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::trace!(target: "otp::http", "a connection failed: {error}");
    }
}

/// Ready when a client has had the time for a request and has sent none. The connection itself
/// looks at the time only when it knows the version of the protocol.
async fn never_asks(is_silent: &AtomicBool) {
    tokio::time::sleep(HEAD).await;
    if !is_silent.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// Waits until the server drains.
async fn until(draining: &mut watch::Receiver<bool>) {
    let _ = draining.wait_for(|draining| *draining).await; // a server that is gone drains, too
}

/// Answers one request. A panic of its handler is an answer, too.
async fn answer(
    mut router: Router,
    mut request: axum::http::Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    let answering = async move { router.call(request).await };
    let mut answering = pin!(answering);
    poll_fn(|task| {
        match catch_unwind(AssertUnwindSafe(|| answering.as_mut().poll(task))) {
            Ok(polled) => polled,
            // The panic hook has reported it.
            Err(_) => Poll::Ready(Ok(HttpError::internal().into_response())),
        }
    })
    .await
}
