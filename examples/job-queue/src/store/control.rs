//! What people do to jobs and queues by hand.

use crate::state::{State, Step};
use crate::store::writer::{Change, Failed, Writer};

/// Why a job or a queue stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// No such job.
    #[error("there is no job {id}")]
    NoJob {
        /// The id that was asked for.
        id: i64,
    },
    /// No such queue.
    #[error("there is no queue {name:?}")]
    NoQueue {
        /// The name that was asked for.
        name: String,
    },
    /// The job is in a state in which that makes no sense.
    #[error("job {id} is {}, so it cannot be {what}", state.name())]
    State {
        /// The job.
        id: i64,
        /// Its state.
        state: State,
        /// What was to be done to it.
        what: &'static str,
    },
}

/// What is to be different about a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueChange {
    /// It takes no more jobs; those that run go on.
    Pause,
    /// It takes jobs again.
    Resume,
    /// It runs so many at a time.
    Scale(u32),
}

impl Writer<'_> {
    /// Cancels a job; one that runs is ended.
    pub(super) fn cancel(&mut self, id: i64) -> Result<State, Failed<ControlError>> {
        let Some(head) = self.head(id)? else {
            return Err(Failed::Refused(ControlError::NoJob { id }));
        };
        if !self.step(&head, Step::Cancel, &Change::default())? {
            let (state, what) = (head.state, "cancelled");
            return Err(Failed::Refused(ControlError::State { id, state, what }));
        }
        if head.state == State::Executing {
            self.record(&head, self.now, "cancelled", Some("cancelled by hand"))?;
            self.effects.stopped.push((head.queue, id));
        }
        Ok(State::Cancelled)
    }

    /// Makes a job available now, with at least one attempt left.
    pub(super) fn retry(&mut self, id: i64) -> Result<State, Failed<ControlError>> {
        let Some(head) = self.head(id)? else {
            return Err(Failed::Refused(ControlError::NoJob { id }));
        };
        let change = Change {
            max_attempts: Some(head.max_attempts.max(head.attempt + 1)),
            scheduled_at: Some(self.now),
            ..Change::default()
        };
        if !self.step(&head, Step::Retry, &change)? {
            let (state, what) = (head.state, "retried");
            return Err(Failed::Refused(ControlError::State { id, state, what }));
        }
        Ok(State::Available)
    }

    /// Changes a queue, for good.
    pub(super) fn change_queue(
        &mut self,
        name: &str,
        change: QueueChange,
    ) -> Result<(), Failed<ControlError>> {
        let (sql, value) = match change {
            QueueChange::Pause => ("UPDATE queues SET paused = ?2 WHERE name = ?1", 1),
            QueueChange::Resume => ("UPDATE queues SET paused = ?2 WHERE name = ?1", 0),
            QueueChange::Scale(n) => ("UPDATE queues SET concurrency = ?2 WHERE name = ?1", n),
        };
        if self.connection.execute(sql, (name, value))? == 0 {
            return Err(Failed::Refused(ControlError::NoQueue { name: name.to_owned() }));
        }
        self.effects.rescaled.push(name.to_owned());
        self.effects.changed = true;
        Ok(())
    }
}
