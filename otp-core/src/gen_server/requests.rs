//! Several requests, answered in any order.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::gen_server::{CallError, Limit, Request};
use crate::sync::Mutex;

/// Requests with a label each, whose answers are taken in the order in which they come.
///
/// A request is moved into the collection, so it cannot be in it twice.
///
/// ```
/// # use otp_core::{CallError, GenServer, Limit, ReplyTo, RequestCollection, ServerRef};
/// # async fn ask<S: GenServer>(
/// #     servers: Vec<ServerRef<S>>,
/// #     get: fn(ReplyTo<u32>) -> S::Request,
/// # ) {
/// let mut requests = RequestCollection::new();
/// for (number, server) in servers.iter().enumerate() {
///     requests.add(server.call(get).send(), number);
/// }
/// while let Ok((number, answer)) = requests.wait(Limit::Infinity).await {
///     println!("server {number} says {answer:?}");
/// }
/// # }
/// ```
///
/// Elixir: `:gen_server.reqids_new/0` and its sisters.
pub struct RequestCollection<L, T> {
    waiting: HashMap<u64, (L, Request<T>)>,
    next: u64,
    arrivals: Arc<Arrivals>,
}

/// Which requests have something to say, in the order in which they got it.
#[derive(Default)]
struct Arrivals(Mutex<Woken>);

#[derive(Default)]
struct Woken {
    keys: VecDeque<u64>,
    collector: Option<Waker>,
}

/// Wakes the collector in the name of one request.
struct Arrival {
    key: u64,
    arrivals: Arc<Arrivals>,
}

impl Wake for Arrival {
    fn wake(self: Arc<Self>) {
        let collector = {
            let mut woken = self.arrivals.0.lock();
            woken.keys.push_back(self.key);
            woken.collector.take()
        };
        if let Some(collector) = collector {
            collector.wake();
        }
    }
}

/// Why a collection has no answer to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CollectionError {
    /// There is no request left to wait for.
    Empty,
    /// No answer came in time.
    Timeout,
}

impl fmt::Display for CollectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CollectionError::Empty => "there is no request to wait for",
            CollectionError::Timeout => "no answer came in time",
        })
    }
}

impl std::error::Error for CollectionError {}

/// The label of a request and what became of it.
type Answered<L, T> = (L, Result<T, CallError>);

impl<L, T> RequestCollection<L, T> {
    /// An empty collection.
    pub fn new() -> RequestCollection<L, T> {
        RequestCollection { waiting: HashMap::new(), next: 0, arrivals: Arc::default() }
    }

    /// Adds a request under a label. Labels may be equal.
    pub fn add(&mut self, request: Request<T>, label: L) {
        let key = self.next;
        self.next += 1;
        self.waiting.insert(key, (label, request));
        // It has not been polled, so it has to be looked at once.
        self.arrivals.0.lock().keys.push_back(key);
    }

    /// How many requests wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether no request waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Waits for the next answer and takes its request out; a time-out leaves all requests as they
    /// are.
    ///
    /// # Errors
    ///
    /// [`CollectionError::Empty`] at once when there is no request, [`CollectionError::Timeout`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no answer.
    ///
    /// Elixir: `:gen_server.wait_response/3` with deletion.
    pub async fn wait(
        &mut self,
        limit: impl Into<Limit>,
    ) -> Result<Answered<L, T>, CollectionError> {
        if self.is_empty() {
            return Err(CollectionError::Empty);
        }
        let mut sleep = limit.into().sleep();
        poll_fn(|task| {
            if let Poll::Ready(answered) = self.poll_next(task) {
                return Poll::Ready(Ok(answered));
            }
            match &mut sleep {
                Some(sleep) => sleep.as_mut().poll(task).map(|()| Err(CollectionError::Timeout)),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// As [`RequestCollection::wait`], but a time-out gives up all requests: late answers vanish.
    ///
    /// # Errors
    ///
    /// As [`RequestCollection::wait`].
    ///
    /// Elixir: `:gen_server.receive_response/3` with deletion.
    pub async fn receive(
        &mut self,
        limit: impl Into<Limit>,
    ) -> Result<Answered<L, T>, CollectionError> {
        let answered = self.wait(limit).await;
        if answered.as_ref().err() == Some(&CollectionError::Timeout) {
            self.waiting.clear();
        }
        answered
    }

    /// The next answer if there is one, without waiting; `None` leaves everything as it is.
    ///
    /// Elixir: `:gen_server.check_response/3` with deletion.
    pub fn check(&mut self) -> Option<Answered<L, T>> {
        let mut task = Context::from_waker(Waker::noop());
        match self.poll_next(&mut task) {
            Poll::Ready(answered) => Some(answered),
            Poll::Pending => None,
        }
    }

    fn poll_next(&mut self, task: &mut Context<'_>) -> Poll<Answered<L, T>> {
        loop {
            let key = {
                let mut woken = self.arrivals.0.lock();
                match woken.keys.pop_front() {
                    Some(key) => key,
                    None => {
                        woken.collector = Some(task.waker().clone());
                        return Poll::Pending;
                    }
                }
            };
            let Some((_, request)) = self.waiting.get_mut(&key) else { continue };
            let waker = Waker::from(Arc::new(Arrival { key, arrivals: self.arrivals.clone() }));
            let polled = Pin::new(request).poll(&mut Context::from_waker(&waker));
            let Poll::Ready(answer) = polled else { continue };
            if let Some((label, _)) = self.waiting.remove(&key) {
                return Poll::Ready((label, answer));
            }
        }
    }
}

impl<L, T> Default for RequestCollection<L, T> {
    fn default() -> RequestCollection<L, T> {
        RequestCollection::new()
    }
}

impl<L, T> fmt::Debug for RequestCollection<L, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestCollection").field("len", &self.len()).finish_non_exhaustive()
    }
}
