//! What both sides can do: one counter, its client, and the same five operations.

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc;

/// A token of a server's life: when the last copy is dropped, all the servers are gone.
///
/// It is part of the state on both sides, so its cost is the same.
pub(crate) type Alive = Option<mpsc::Sender<()>>;

/// How long a call with a time-out waits, on both sides.
pub(crate) const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// A way to write the counter.
pub(crate) trait Variant: Supervised {
    /// What a client task holds.
    type Client: Clone + Send + Sync + 'static;

    /// Starts a counter at 0; it has no link to whoever starts it.
    fn start(alive: Alive) -> impl Future<Output = Self::Client> + Send;

    /// Asks for the value and waits for ever.
    fn get(client: &Self::Client) -> impl Future<Output = i64> + Send;

    /// Asks for the value and waits for [`CALL_TIMEOUT`] at most.
    fn get_in_time(client: &Self::Client) -> impl Future<Output = i64> + Send;

    /// Adds, without waiting.
    fn add(client: &Self::Client, n: i64);

    /// Lets the server stop by itself, without waiting.
    fn finish(client: &Self::Client);

    /// Starts so many tasks that are done at once, and awaits each before the next one.
    fn tasks(count: u64) -> impl Future<Output = Duration> + Send;
}

/// How a child fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Panic,
    /// It ends with an error, without a panic.
    Error,
}

/// Is told of each start of a child.
pub(crate) type Started = mpsc::UnboundedSender<()>;

/// A way to supervise.
pub(crate) trait Supervised: 'static {
    /// Has a supervised child fail so often, each time as soon as it is up again.
    fn restarts(count: u64, fault: Fault) -> impl Future<Output = Duration> + Send;

    /// Starts so many children under one supervisor, on request and one by one, and stops them all.
    fn children(count: u64) -> impl Future<Output = Duration> + Send;
}
