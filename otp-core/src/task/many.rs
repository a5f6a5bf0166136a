//! Waiting for many tasks.

use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::child_spec::Shutdown;
use crate::gen_server::Limit;
use crate::reason::ExitReason;
use crate::task::patience::{DEFAULT_LIMIT, Patience};
use crate::task::ready::Ready;
use crate::task::{Task, TaskExit};

impl<T: Send + 'static> Task<T> {
    /// Waits for many tasks: a future of all their results, in the order of the tasks.
    ///
    /// The limit of five seconds, or of [`AwaitMany::timeout`], is for all together. The limits of
    /// the tasks themselves do not count.
    ///
    /// ```
    /// use otp_core::Task;
    ///
    /// # fn main() { otp_core::private::run_test(
    /// #     otp_core::private::TestOptions::new("doc"), async {
    /// let tasks = [3, 1, 2].map(|n| Task::spawn(async move { n * 10 }));
    /// assert_eq!(Task::await_many(tasks).await, Ok(vec![30, 10, 20]));
    /// # }) }
    /// ```
    ///
    /// # Errors
    ///
    /// As for one task, at once when the first of them ends without a result. The others run on,
    /// and their results vanish.
    ///
    /// Elixir: `Task.await_many/2`.
    pub fn await_many(tasks: impl IntoIterator<Item = Task<T>>) -> AwaitMany<T> {
        let tasks: Vec<Task<T>> = tasks.into_iter().collect();
        let values = tasks.iter().map(|_| None).collect();
        let patience = Patience::new(DEFAULT_LIMIT);
        AwaitMany { left: tasks.len(), tasks, values, ready: None, patience }
    }

    /// Waits for many tasks, but keeps those that are not done: a future with an entry for each
    /// task, in their order.
    ///
    /// An entry is what [`Task::yield_for`] gives: a result, why there is none, or `None` for a
    /// task that runs on and may be asked again. The limit is five seconds for all together, or
    /// that of [`YieldMany::timeout`].
    ///
    /// ```
    /// use otp_core::Task;
    /// use std::time::Duration;
    ///
    /// # fn main() { otp_core::private::run_test(
    /// #     otp_core::private::TestOptions::new("doc").start_paused(true), async {
    /// let mut tasks = vec![Task::spawn(async { 1 }), Task::spawn(std::future::pending())];
    /// let results = Task::yield_many(&mut tasks).timeout(Duration::from_secs(1)).await;
    /// assert_eq!(results, [Some(Ok(1)), None]);
    /// # }) }
    /// ```
    ///
    /// Elixir: `Task.yield_many/2`.
    pub fn yield_many(tasks: &mut [Task<T>]) -> YieldMany<'_, T> {
        YieldMany { tasks, limit: DEFAULT_LIMIT, most: usize::MAX, late: Late::RunsOn }
    }
}

/// A wait for many tasks; see [`Task::await_many`].
///
/// # Cancel safety
///
/// Dropping it gives up the results; the tasks run on, linked as before.
#[must_use = "nothing is waited for until it is awaited"]
pub struct AwaitMany<T> {
    tasks: Vec<Task<T>>,
    values: Vec<Option<T>>,
    left: usize,
    /// Who was woken; `None` before the first poll.
    ready: Option<Ready>,
    patience: Patience,
}

impl<T> AwaitMany<T> {
    /// Waits at most this long, or until this moment.
    pub fn timeout(mut self, limit: impl Into<Limit>) -> AwaitMany<T> {
        self.patience = Patience::new(limit.into());
        self
    }

    /// Waits without a limit. Elixir: `:infinity`.
    pub fn infinity(self) -> AwaitMany<T> {
        self.timeout(Limit::Infinity)
    }

    fn poll_first(&mut self, task: &mut Context<'_>) -> Result<Vec<u64>, TaskExit> {
        for one in &self.tasks {
            one.check_owner()?;
            if one.is_over() && self.patience.is_endless() {
                return Err(TaskExit::AlreadyAwaited);
            }
        }
        let ready = self.ready.insert(Ready::default());
        ready.take(task.waker());
        Ok((0..self.tasks.len() as u64).collect())
    }
}

impl<T> Unpin for AwaitMany<T> {}

impl<T> Future for AwaitMany<T> {
    type Output = Result<Vec<T>, TaskExit>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let woken = match &this.ready {
            Some(ready) => ready.take(task.waker()),
            None => this.poll_first(task)?,
        };
        let Some(ready) = &this.ready else { return Poll::Pending };
        for key in woken {
            let waker = ready.waker(key);
            let index = key as usize;
            let polled = this.tasks[index].poll_result(&mut Context::from_waker(&waker));
            if let Poll::Ready(value) = polled {
                this.values[index] = Some(value?);
                this.left -= 1;
            }
        }
        if this.left == 0 {
            let values = std::mem::take(&mut this.values);
            return Poll::Ready(Ok(values.into_iter().flatten().collect()));
        }
        this.patience.poll_over(task).map(|()| Err(TaskExit::Timeout))
    }
}

impl<T> fmt::Debug for AwaitMany<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwaitMany")
            .field("tasks", &self.tasks)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

/// What becomes of tasks that are not done in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Late {
    RunsOn,
    IsForgotten,
    IsKilled,
}

/// A wait for many tasks that keeps those that are not done; see [`Task::yield_many`].
///
/// # Cancel safety
///
/// Awaiting it may be given up at any time; results that were there by then are lost.
#[must_use = "nothing is waited for until it is awaited"]
pub struct YieldMany<'a, T> {
    tasks: &'a mut [Task<T>],
    limit: Limit,
    most: usize,
    late: Late,
}

/// An entry for each task.
type Yielded<T> = Vec<Option<Result<T, TaskExit>>>;

impl<'a, T: Send + 'static> YieldMany<'a, T> {
    /// Waits at most this long, or until this moment.
    pub fn timeout(mut self, limit: impl Into<Limit>) -> YieldMany<'a, T> {
        self.limit = limit.into();
        self
    }

    /// Waits without a limit. Elixir: `:infinity`.
    pub fn infinity(self) -> YieldMany<'a, T> {
        self.timeout(Limit::Infinity)
    }

    /// Goes on as soon as this many tasks are done. Elixir: `limit:`.
    pub fn limit(mut self, tasks: usize) -> YieldMany<'a, T> {
        self.most = tasks;
        self
    }

    /// Kills the tasks that are not done by then, and waits for their end. Their entry is `None`,
    /// unless they were faster after all.
    ///
    /// Elixir: `on_timeout: :kill_task`.
    pub fn kill_on_timeout(mut self) -> YieldMany<'a, T> {
        self.late = Late::IsKilled;
        self
    }

    /// Gives up the tasks that are not done by then: they run on, and their results vanish.
    ///
    /// Elixir: `on_timeout: :ignore`.
    pub fn ignore_on_timeout(mut self) -> YieldMany<'a, T> {
        self.late = Late::IsForgotten;
        self
    }

    async fn run(self) -> Yielded<T> {
        let YieldMany { tasks, limit, most, late } = self;
        let mut results = wait(tasks, limit, most).await;
        for (task, result) in tasks.iter_mut().zip(&mut results) {
            let is_late = result.is_none() && !task.is_over();
            match late {
                Late::IsForgotten if is_late => task.give_up(),
                Late::IsKilled if is_late => *result = task.shutdown(Shutdown::BrutalKill).await,
                _ => {}
            }
        }
        results
    }
}

/// Waits until all tasks are done, or `most` of them, or the time is up.
async fn wait<T: Send + 'static>(tasks: &mut [Task<T>], limit: Limit, most: usize) -> Yielded<T> {
    let mut results: Yielded<T> = tasks.iter().map(|_| None).collect();
    let most = most.min(tasks.iter().filter(|task| !task.is_over()).count());
    let (mut done, ready, mut patience) = (0, Ready::default(), Patience::new(limit));
    let mut first = Some(0..tasks.len() as u64);
    poll_fn(|context| {
        let mut woken = ready.take(context.waker());
        woken.extend(first.take().into_iter().flatten());
        for key in woken {
            let (waker, index) = (ready.waker(key), key as usize);
            let polled = match tasks[index].check_owner() {
                Err(error) => Poll::Ready(Err(error)),
                Ok(()) => tasks[index].poll_result(&mut Context::from_waker(&waker)),
            };
            if let Poll::Ready(result) = polled {
                results[index] = Some(result);
                done += 1;
            }
        }
        if done >= most { Poll::Ready(()) } else { patience.poll_over(context) }
    })
    .await;
    results
}

impl<'a, T: Send + 'static> IntoFuture for YieldMany<'a, T> {
    type Output = Vec<Option<Result<T, TaskExit>>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T> fmt::Debug for YieldMany<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("YieldMany")
            .field("tasks", &self.tasks)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// What [`Task::shutdown`] says of a task that has no result.
pub(super) fn shut_down_with(reason: ExitReason, how: Shutdown) -> Option<TaskExit> {
    match (&reason, how) {
        (ExitReason::Killed, Shutdown::BrutalKill) => None,
        (ExitReason::Shutdown, Shutdown::After(_) | Shutdown::Infinity) => None,
        _ => Some(TaskExit::of(reason)),
    }
}
