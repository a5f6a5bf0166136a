//! The store: the one process that writes to the database.
//!
//! Its handlers only put operations into a batch. While one batch is written and synced on a thread
//! of its own, the next one collects, so under load one wait for the disk covers many operations.
//! Nobody is answered before the commit that covers the operation is on disk.
//!
//! A commit that fails has an unknown outcome. The store then ends, its callers get its reason, and
//! the supervisor starts it again together with all that depends on it.

mod batch;
mod control;
mod database;
mod enqueue;
mod exchange;
#[cfg(test)]
mod model;
mod schedule;
mod writer;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use otp::Recipient;
use otp::prelude::*;

use crate::cron::CronEntry;
use crate::feed::Feed;
use crate::foreman::Foreman;
use crate::job::{Enqueued, NewJob};
use crate::queue::Queue;
use crate::stager::Stager;
use crate::state::State;
use crate::time::Time;
use batch::{Batch, Effects};
use database::Database;
use writer::{Failed, Writer};

pub use control::{ControlError, QueueChange};
pub(crate) use database::open_reader;
pub use database::{StoreError, StoreOptions, Synchronous};
pub use enqueue::EnqueueError;
pub(crate) use exchange::{Claimed, Exchanged, Finished, Outcome, Report};

/// How often a file that is in use is tried again, and the pause before.
const OPEN_TRIES: u32 = 50;
const OPEN_PAUSE: Duration = Duration::from_millis(20);

/// The process that owns the database.
pub struct Store {
    database: Arc<Mutex<Database>>,
    /// How many jobs a queue runs that is not configured.
    concurrency: u32,
    /// What the next transaction will do.
    waiting: Batch,
    /// Whether a transaction is under way.
    committing: bool,
    /// Those whose operations have failed. They are kept until the store has ended, so that they
    /// get its reason.
    unanswered: Batch,
}

/// A transaction is over.
struct Committed {
    batch: Batch,
    result: Result<Effects, StoreError>,
}

#[gen_server(name, trap_exit, shutdown = infinity)]
impl Store {
    /// Opens the file. A file that cannot be used fails the start.
    #[init]
    pub async fn init(options: StoreOptions) -> Result<Self, StoreError> {
        let concurrency = options.concurrency;
        let database = open(options).await?;
        Ok(Store {
            database: Arc::new(Mutex::new(database)),
            concurrency,
            waiting: Batch::default(),
            committing: false,
            unanswered: Batch::default(),
        })
    }

    /// Enqueues all of these jobs, or none.
    #[handle_call]
    pub fn enqueue(
        &mut self,
        jobs: Vec<NewJob>,
        #[from] caller: ReplyTo<Result<Vec<Enqueued>, EnqueueError>>,
        cx: &mut Context<Self>,
    ) {
        self.submit(cx, move |writer| writer.enqueue(&jobs), |answer| caller.reply(answer));
    }

    /// Cancels a job; one that runs is ended.
    #[handle_call]
    pub fn cancel(
        &mut self,
        id: i64,
        #[from] caller: ReplyTo<Result<State, ControlError>>,
        cx: &mut Context<Self>,
    ) {
        self.submit(cx, move |writer| writer.cancel(id), |answer| caller.reply(answer));
    }

    /// Makes a job available now.
    #[handle_call]
    pub fn retry(
        &mut self,
        id: i64,
        #[from] caller: ReplyTo<Result<State, ControlError>>,
        cx: &mut Context<Self>,
    ) {
        self.submit(cx, move |writer| writer.retry(id), |answer| caller.reply(answer));
    }

    /// Changes a queue, for good.
    #[handle_call]
    pub fn change_queue(
        &mut self,
        name: String,
        change: QueueChange,
        #[from] caller: ReplyTo<Result<(), ControlError>>,
        cx: &mut Context<Self>,
    ) {
        let work = move |writer: &mut Writer<'_>| writer.change_queue(&name, change);
        self.submit(cx, work, |answer| caller.reply(answer));
    }

    /// Writes down what a queue reports and claims jobs for it, which it gets as [`Exchanged`].
    ///
    /// It is a cast with a message as its answer: so what the store tells the queue, here and with
    /// [`Queue::stop_job`], arrives in the order in which it was committed.
    #[handle_cast]
    pub(crate) fn exchange(
        &mut self,
        report: Report,
        queue: Recipient<Exchanged>,
        cx: &mut Context<Self>,
    ) {
        let work = move |writer: &mut Writer<'_>| writer.exchange(&report);
        self.submit(cx, work, move |Ok(exchanged)| queue.send(exchanged));
    }

    /// Makes available what is due, and gives the time at which the next job is.
    #[handle_call]
    pub(crate) fn stage(&mut self, #[from] caller: ReplyTo<Option<Time>>, cx: &mut Context<Self>) {
        self.submit(cx, |writer| writer.stage(), |Ok(next)| caller.reply(next));
    }

    /// Enqueues the ticks of an entry that are over and not enqueued yet, and gives their number.
    #[handle_call]
    pub(crate) fn tick(
        &mut self,
        entry: CronEntry,
        catch_up: Duration,
        #[from] caller: ReplyTo<usize>,
        cx: &mut Context<Self>,
    ) {
        let work = move |writer: &mut Writer<'_>| writer.tick(&entry, catch_up);
        self.submit(cx, work, |Ok(ticks)| caller.reply(ticks));
    }

    /// Removes some of the jobs that were finished before a time, and gives their number.
    #[handle_call]
    pub(crate) fn prune(
        &mut self,
        before: Time,
        #[from] caller: ReplyTo<usize>,
        cx: &mut Context<Self>,
    ) {
        let work = move |writer: &mut Writer<'_>| writer.prune(before);
        self.submit(cx, work, |Ok(pruned)| caller.reply(pruned));
    }

    #[handle_info]
    fn committed(&mut self, done: Committed, cx: &mut Context<Self>) -> Result<(), StoreError> {
        self.committing = false;
        match done.result {
            Ok(effects) => {
                done.batch.answer();
                tell(effects);
                self.commit(cx);
                Ok(())
            }
            Err(error) => {
                self.unanswered = done.batch;
                Err(error)
            }
        }
    }

    #[handle_info]
    fn exit(&mut self, exit: Exit) -> Noreply {
        noreply().stop(exit.reason)
    }

    /// Waits for a transaction that is under way, since whoever opens the file next must not meet
    /// it.
    #[terminate]
    async fn terminate(&mut self) {
        let database = Arc::clone(&self.database);
        let wait = move || drop(database.lock().unwrap_or_else(PoisonError::into_inner));
        let _ = tokio::task::spawn_blocking(wait).await; // it cannot panic
    }

    fn submit<T, E>(
        &mut self,
        cx: &mut Context<Self>,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, Failed<E>> + Send + 'static,
        answer: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: Send + 'static,
    {
        self.waiting.push(work, answer);
        self.commit(cx);
    }

    /// Begins a transaction with all that waits, unless one is under way.
    fn commit(&mut self, cx: &mut Context<Self>) {
        if self.committing || self.waiting.is_empty() {
            return;
        }
        self.committing = true;
        let mut batch = std::mem::take(&mut self.waiting);
        let database = Arc::clone(&self.database);
        let concurrency = self.concurrency;
        let work = move || {
            let mut database = database.lock().unwrap_or_else(PoisonError::into_inner);
            let result = batch.commit(&mut database.connection, concurrency);
            Ok(Committed { batch, result: result.map_err(StoreError::from) })
        };
        cx.pipe(blocking(work), |done| {
            done.unwrap_or_else(|error| Committed { batch: Batch::default(), result: Err(error) })
        });
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("committing", &self.committing).finish_non_exhaustive()
    }
}

/// Tells others what was committed.
fn tell(effects: Effects) {
    for queue in effects.woken {
        match Queue::client(queue.as_str()).pid() {
            Some(_) => Queue::client(queue.as_str()).wake(),
            None => Foreman::client().start_queue(queue),
        }
    }
    for queue in effects.rescaled {
        Queue::client(queue.as_str()).reload();
    }
    for (queue, id) in effects.stopped {
        Queue::client(queue.as_str()).stop_job(id);
    }
    if let Some(due) = effects.due {
        Stager::client().due(due);
    }
    if effects.changed {
        Feed::client().changed();
    }
}

/// Opens the file. A store that was killed may still be in its last transaction, so a file that is
/// in use is tried again for a while.
async fn open(options: StoreOptions) -> Result<Database, StoreError> {
    let mut tries = 0..OPEN_TRIES;
    loop {
        let options = options.clone();
        match blocking(move || Database::open(&options)).await {
            Err(StoreError::InUse { .. }) if tries.next().is_some() => {
                process::sleep(OPEN_PAUSE).await;
            }
            opened => return opened,
        }
    }
}

/// Runs a function that uses the disk on a thread that may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(StoreError::Panicked(error.to_string())),
    }
}
