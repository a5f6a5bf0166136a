//! Group commit: many operations, one transaction, one wait for the disk.

use std::collections::BTreeSet;

use rusqlite::{Connection, TransactionBehavior};

use crate::store::writer::{Failed, Writer};
use crate::time::Time;

/// Operations that wait for the next transaction, or are in one.
#[derive(Default)]
pub(super) struct Batch(Vec<Box<dyn Operation>>);

/// What others must hear of when a transaction is committed.
#[derive(Debug, Default)]
pub(super) struct Effects {
    /// Queues that may have something to do.
    pub(super) woken: BTreeSet<String>,
    /// Queues that may run another number of jobs.
    pub(super) rescaled: Vec<String>,
    /// Jobs that run and shall not: queue and id.
    pub(super) stopped: Vec<(String, i64)>,
    /// The first time at which a job becomes available.
    pub(super) due: Option<Time>,
    /// Whether anything is different.
    pub(super) changed: bool,
}

/// One operation: what it does, and who waits for it.
trait Operation: Send {
    /// Does it.
    fn run(&mut self, writer: &mut Writer<'_>) -> rusqlite::Result<Kept>;
    /// Tells how it went.
    fn answer(self: Box<Self>);
}

/// Whether what an operation wrote stays.
enum Kept {
    Yes,
    No,
}

struct Pending<W, A, T, E> {
    work: Option<W>,
    answer: A,
    outcome: Option<Result<T, E>>,
}

impl<W, A, T, E> Operation for Pending<W, A, T, E>
where
    W: FnOnce(&mut Writer<'_>) -> Result<T, Failed<E>> + Send,
    A: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: Send,
{
    fn run(&mut self, writer: &mut Writer<'_>) -> rusqlite::Result<Kept> {
        let Some(work) = self.work.take() else { return Ok(Kept::No) };
        let (outcome, kept) = match work(writer) {
            Ok(value) => (Ok(value), Kept::Yes),
            Err(Failed::Refused(error)) => (Err(error), Kept::No),
            Err(Failed::Broken(error)) => return Err(error),
        };
        self.outcome = Some(outcome);
        Ok(kept)
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            (self.answer)(outcome);
        }
    }
}

impl Batch {
    /// Adds an operation. It is answered when the transaction is on disk, and never if that fails:
    /// then nobody knows.
    pub(super) fn push<T, E>(
        &mut self,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, Failed<E>> + Send + 'static,
        answer: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: Send + 'static,
    {
        self.0.push(Box::new(Pending { work: Some(work), answer, outcome: None }));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Does everything in one transaction, each operation in a savepoint of its own, so that one
    /// that is refused leaves nothing behind and the others alone.
    pub(super) fn commit(
        &mut self,
        connection: &mut Connection,
        concurrency: u32,
    ) -> rusqlite::Result<Effects> {
        let mut effects = Effects::default();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for operation in &mut self.0 {
            transaction.prepare_cached("SAVEPOINT operation")?.execute(())?;
            let now = Time::now();
            let mut writer =
                Writer { connection: &transaction, effects: &mut effects, now, concurrency };
            if let Kept::No = operation.run(&mut writer)? {
                transaction.prepare_cached("ROLLBACK TO operation")?.execute(())?;
            }
            transaction.prepare_cached("RELEASE operation")?.execute(())?;
        }
        transaction.commit()?;
        Ok(effects)
    }

    /// Tells everybody how it went.
    pub(super) fn answer(self) {
        for operation in self.0 {
            operation.answer();
        }
    }
}
