//! How long a wait goes on.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::gen_server::Limit;
use crate::seam;

/// How long a task is awaited when nothing else is said. Elixir's default, too.
pub(super) const DEFAULT_LIMIT: Limit = Limit::After(Duration::from_secs(5));

/// The limit of one wait, from its first poll.
///
/// The tasks that are waited for get a turn before a timer is set, as short ones need no more.
#[derive(Debug)]
pub(super) struct Patience {
    limit: Limit,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    New,
    OneTurn,
    Timer(Pin<Box<seam::Sleep>>),
}

impl Patience {
    pub(super) fn new(limit: Limit) -> Patience {
        Patience { limit, stage: Stage::New }
    }

    pub(super) fn is_endless(&self) -> bool {
        self.limit == Limit::Infinity
    }

    /// The next wait is a new one.
    pub(super) fn renew(&mut self) {
        self.stage = Stage::New;
    }

    /// Whether the time is up.
    pub(super) fn poll_over(&mut self, task: &mut Context<'_>) -> Poll<()> {
        if matches!(self.stage, Stage::New) {
            if self.limit == Limit::After(Duration::ZERO) {
                return Poll::Ready(());
            }
            self.stage = Stage::OneTurn;
            task.waker().wake_by_ref();
            return Poll::Pending;
        }
        if matches!(self.stage, Stage::OneTurn) {
            let Some(timer) = self.limit.sleep() else { return Poll::Pending };
            self.stage = Stage::Timer(timer);
        }
        match &mut self.stage {
            Stage::Timer(timer) => timer.as_mut().poll(task),
            Stage::New | Stage::OneTurn => Poll::Pending,
        }
    }
}
