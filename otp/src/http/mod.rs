//! HTTP over `axum` and `tower`: a supervised server that drains, and errors of calls as responses.
//!
//! [`HttpServer`] is a child like any other: its start fails when the port is in use, it is started
//! again after a crash, and when its supervisor ends it, it answers the requests that it has before
//! it goes. Handlers are plain functions that call servers; [`HttpError`] answers for them when a
//! call fails, so that they use `?`. Both are in the feature `axum`; [`HttpError`] and
//! [`CallErrorLayer`] alone are in the feature `tower`.
//!
//! # Example
//!
//! ```
//! # #[cfg(feature = "axum")] mod example {
//! use axum::Router;
//! use axum::routing::get;
//! use otp::http::{HttpError, HttpServer};
//! use otp::prelude::*;
//!
//! # pub struct Counter { value: i64 }
//! # #[gen_server(name)]
//! # impl Counter {
//! #     #[init] pub fn init(initial: i64) -> Self { Counter { value: initial } }
//! #     #[handle_call] pub fn increment(&mut self) -> i64 { self.value += 1; self.value }
//! # }
//! async fn increment() -> Result<String, HttpError> {
//!     Ok(Counter::client().increment().await?.to_string())
//! }
//!
//! fn router() -> Router {
//!     Router::new().route("/", get(increment))
//! }
//!
//! supervisor! {
//!     pub AppSup {
//!         strategy: one_for_one,
//!         children: [
//!             Counter(41),
//!             HttpServer(HttpServer::bind("127.0.0.1:0").router(router)),
//!         ],
//!     }
//! }
//!
//! # pub fn run() { let _ = main(); }
//! #[otp::main]
//! async fn main() -> otp::Result<()> {
//!     AppSup::start_link().await?;
//!     println!("http://{}", HttpServer::client().local_addr().await?);
//!     Ok(())
//! }
//! # }
//! # fn main() { #[cfg(feature = "axum")] example::run(); }
//! ```
//!
//! # How to supervise
//!
//! Put it behind the servers that its handlers call: it is then started when they can answer, and
//! ended before them, with its requests answered. Its shutdown limit is its drain limit and one
//! second more. A request runs in a task of its connection, not in the server's process: a handler
//! that panics costs its own request a 500 and nothing else.
//!
//! # Names
//!
//! The server has its type as its name, as with `#[gen_server(name)]`, and [`HttpServer::client`]
//! reaches it. A second one gets another id and name:
//! `HttpServer(..) { id: "admin", name: "admin" }`, and [`HttpServer::named`] reaches that.
//!
//! # Time-outs
//!
//! A client that has not sent the head of its next request after thirty seconds is cut, so that
//! those who keep connections open for nothing do not use them up.
//!
//! When the server is to end, it closes its listener, so that new connections are refused, and a
//! tenth of a second later the connections that wait for a next request: one that was on its way is
//! answered, and its client told that the connection ends. It waits five seconds for those that
//! have a request, or as [`HttpServer::drain`] says, and cuts what is left. A connection that was
//! upgraded, to a WebSocket say, is no longer the server's: it belongs to the task or process that
//! serves it.
//!
//! # When not to use it
//!
//! The server speaks plain HTTP/1 and HTTP/2. TLS ends in front of it, or a child of your own runs
//! another server. And a handler needs no server of its own: state that is only read goes into
//! axum's `State`.

mod error;
mod layer;
#[cfg(feature = "axum")]
mod serve;
#[cfg(feature = "axum")]
mod server;

pub use error::HttpError;
pub use layer::{CallErrorFuture, CallErrorLayer, CallErrorService};
#[cfg(feature = "axum")]
pub use server::{BindError, HttpServer, HttpServerRef};
