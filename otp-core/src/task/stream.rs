//! A task for each element of an iterator.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::future::{Future, poll_fn};
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::gen_server::Limit;
use crate::process::block::{ProcessRef, with_control};
use crate::process::current;
use crate::process::signal::{self, Cause};
use crate::reason::ExitReason;
use crate::seam::{self, Instant};
use crate::sync::Arc;
use crate::task::patience::DEFAULT_LIMIT;
use crate::task::ready::Ready;
use crate::task::supervisor::TaskSupervisorRef;
use crate::task::{Task, TaskExit};

impl Task<()> {
    /// Runs `f` on each element of an iterator, each in a task of its own, a limited number of them
    /// at a time: a stream of the results.
    ///
    /// The elements are taken from the iterator as the results are asked for and places become
    /// free. The results come in the order of the elements, or as they are done when
    /// [`TaskStream::ordered`] says so. A task that is done frees its place even while the result
    /// of an earlier one is still to come; results that wait for it are kept without a limit.
    ///
    /// ```
    /// use otp_core::Task;
    ///
    /// # fn main() { otp_core::private::run_test(
    /// #     otp_core::private::TestOptions::new("doc"), async {
    /// let mut squares = Task::stream(1..=4, |n| async move { n * n }).max_concurrency(2);
    /// let mut sum = 0;
    /// while let Some(square) = squares.next().await {
    ///     sum += square.unwrap();
    /// }
    /// assert_eq!(sum, 30);
    /// # }) }
    /// ```
    ///
    /// Elixir: `Task.async_stream/3`.
    pub fn stream<I, F, Fut>(items: I, f: F) -> TaskStream<I::IntoIter, F, Fut::Output>
    where
        I: IntoIterator,
        F: Fn(I::Item) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Send + 'static> + Send + 'static,
    {
        TaskStream::new(items.into_iter(), f, Launcher::Alone)
    }
}

/// How an element of a [`TaskStream`] tells that its task has no result: a [`TaskExit`], or that
/// with the input.
///
/// It is sealed: these two are all there are.
pub trait TaskFailure<Input>: sealed::Sealed + Sized {
    /// What is kept of the input.
    type Kept;

    /// Keeps what is needed of an input.
    fn keep(input: &Input) -> Self::Kept;

    /// Makes the error.
    fn new(kept: Self::Kept, exit: TaskExit) -> Self;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::task::TaskExit {}
    impl<Input> Sealed for (Input, crate::task::TaskExit) {}
}

impl<Input> TaskFailure<Input> for TaskExit {
    type Kept = ();

    fn keep(_: &Input) {}

    fn new((): (), exit: TaskExit) -> TaskExit {
        exit
    }
}

impl<Input: Clone> TaskFailure<Input> for (Input, TaskExit) {
    type Kept = Input;

    fn keep(input: &Input) -> Input {
        input.clone()
    }

    fn new(kept: Input, exit: TaskExit) -> (Input, TaskExit) {
        (kept, exit)
    }
}

/// Who starts the tasks.
#[derive(Clone, Debug)]
pub(super) enum Launcher {
    /// The consumer.
    Alone,
    /// A supervisor; with a link to the consumer, or without.
    Below(TaskSupervisorRef, bool),
}

/// The results of a task for each element of an iterator: a [`Stream`]; see [`Task::stream`].
///
/// The process that polls it is its consumer, whoever has made it: the owner of the tasks that are
/// started meanwhile, and their first [caller](crate::callers).
///
/// - A task that panics or exits ends a consumer that does not trap exits, as a linked process
///   does. In one that does, in a plain tokio task, and with
///   [`stream_nolink`](TaskSupervisorRef::stream_nolink), it is an `Err` element.
/// - A task that takes longer than [`TaskStream::timeout`], five seconds by default, ends the
///   stream: the last element is [`TaskExit::Timeout`]. With [`TaskStream::kill_on_timeout`] only
///   the task is killed, and the stream goes on.
/// - A stream that is dropped, or over, kills the tasks that still run and removes their links.
///   They end at their next await point.
///
/// `E` is the error of an element: [`TaskExit`], or with [`TaskStream::zip_input_on_exit`] a pair
/// of input and `TaskExit`.
///
/// # Cancel safety
///
/// A wait for the next element may be dropped and begun again.
#[must_use = "no task is started until the stream is polled"]
pub struct TaskStream<I, F, T, E = TaskExit>
where
    I: Iterator,
    E: TaskFailure<I::Item>,
{
    /// `None` when it is exhausted.
    items: Option<I>,
    f: Arc<F>,
    launcher: Launcher,
    options: Options,
    crew: Crew<T, E::Kept>,
    /// Results that are to be given, by the number of their element.
    results: BTreeMap<u64, Result<T, E>>,
    /// In which order, when that is not the order of the elements.
    arrivals: VecDeque<u64>,
    next_in: u64,
    next_out: u64,
    is_over: bool,
    has_failed: bool,
}

#[derive(Clone, Copy, Debug)]
struct Options {
    max_concurrency: usize,
    ordered: bool,
    limit: Limit,
    kill_late: bool,
}

impl<I: Iterator, F, T, E: TaskFailure<I::Item>> Unpin for TaskStream<I, F, T, E> {}

impl<I: Iterator, F, T> TaskStream<I, F, T> {
    pub(super) fn new(items: I, f: F, launcher: Launcher) -> TaskStream<I, F, T> {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let options = Options {
            max_concurrency: processors,
            ordered: true,
            limit: DEFAULT_LIMIT,
            kill_late: false,
        };
        TaskStream::with(items, Arc::new(f), launcher, options)
    }

    /// Gives the input together with the reason where a task has no result: the error of an
    /// element is `(input, TaskExit)`.
    ///
    /// # Panics
    ///
    /// When the stream has been polled.
    ///
    /// Elixir: `zip_input_on_exit: true`.
    pub fn zip_input_on_exit(mut self) -> TaskStream<I, F, T, (I::Item, TaskExit)>
    where
        I::Item: Clone,
    {
        assert!(self.next_in == 0, "`zip_input_on_exit` comes before the first element");
        match self.items.take() {
            Some(items) => {
                TaskStream::with(items, Arc::clone(&self.f), self.launcher.clone(), self.options)
            }
            None => unreachable!("a stream that was not polled has its items"),
        }
    }
}

impl<I: Iterator, F, T, E: TaskFailure<I::Item>> TaskStream<I, F, T, E> {
    fn with(items: I, f: Arc<F>, launcher: Launcher, options: Options) -> TaskStream<I, F, T, E> {
        TaskStream {
            items: Some(items),
            f,
            launcher,
            options,
            crew: Crew::new(),
            results: BTreeMap::new(),
            arrivals: VecDeque::new(),
            next_in: 0,
            next_out: 0,
            is_over: false,
            has_failed: false,
        }
    }

    /// How many tasks may run at a time; as many as the machine has processors by default.
    ///
    /// # Panics
    ///
    /// With zero.
    ///
    /// Elixir: `max_concurrency:`.
    #[track_caller]
    pub fn max_concurrency(mut self, tasks: usize) -> TaskStream<I, F, T, E> {
        assert!(tasks > 0, "`max_concurrency` must be at least 1");
        self.options.max_concurrency = tasks;
        self
    }

    /// Whether the results come in the order of the elements, as they do by default.
    ///
    /// Elixir: `ordered:`.
    pub fn ordered(mut self, ordered: bool) -> TaskStream<I, F, T, E> {
        self.options.ordered = ordered;
        self
    }

    /// How long each task may take; five seconds by default.
    ///
    /// Elixir: `timeout:`.
    pub fn timeout(mut self, limit: impl Into<Limit>) -> TaskStream<I, F, T, E> {
        self.options.limit = limit.into();
        self
    }

    /// Kills a task that takes too long and goes on; its element is [`TaskExit::Timeout`].
    ///
    /// Elixir: `on_timeout: :kill_task`.
    pub fn kill_on_timeout(mut self) -> TaskStream<I, F, T, E> {
        self.options.kill_late = true;
        self
    }

    /// Enters a result.
    fn settle(&mut self, key: u64, result: Result<T, E>) {
        self.results.insert(key, result);
        if !self.options.ordered {
            self.arrivals.push_back(key);
        }
    }

    /// The result whose turn it is, if it is there.
    fn pop(&mut self) -> Option<Result<T, E>> {
        let key = if self.options.ordered { self.next_out } else { self.arrivals.pop_front()? };
        let result = self.results.remove(&key)?;
        self.next_out += 1;
        Some(result)
    }

    /// Ends the stream with this element.
    fn fail(&mut self, kept: E::Kept, exit: TaskExit) -> Poll<Option<Result<T, E>>> {
        self.close();
        self.has_failed = true;
        Poll::Ready(Some(Err(E::new(kept, exit))))
    }

    fn close(&mut self) {
        self.is_over = true;
        self.items = None;
        self.crew.dismiss();
        self.results.clear();
        self.arrivals.clear();
    }
}

/// The tasks that run.
struct Crew<T, X> {
    /// By the number of their element, so the oldest is first.
    running: BTreeMap<u64, Member<T, X>>,
    ready: Ready,
    /// Runs no longer than until the first deadline.
    timer: Option<Pin<Box<seam::Sleep>>>,
}

struct Member<T, X> {
    task: Task<T>,
    /// Whom it is linked to.
    linked: Option<ProcessRef>,
    deadline: Option<Instant>,
    /// It had its time, and is about to end.
    late: bool,
    kept: X,
}

impl<T, X> Member<T, X> {
    /// Has the task leave its consumer alone.
    fn unlink(&self) {
        if let (Some(linked), Some(pid)) = (&self.linked, self.task.pid()) {
            signal::unlink(&**linked, pid);
        }
    }

    /// Kills the task; it harms nobody.
    fn kill(&self) {
        let Some(process) = &self.task.process else { return };
        let pid = process.head().pid;
        self.unlink();
        signal::exit(&**process, self.task.owner.unwrap_or(pid), &ExitReason::Kill, Cause::Sent);
    }
}

impl<T, X> Crew<T, X> {
    fn new() -> Crew<T, X> {
        Crew { running: BTreeMap::new(), ready: Ready::default(), timer: None }
    }

    /// Kills all tasks.
    fn dismiss(&mut self) {
        std::mem::take(&mut self.running).into_values().for_each(|member| member.kill());
        self.timer = None;
    }

    /// What a task that was woken has to say.
    fn ask(&mut self, key: u64) -> Option<(X, Result<T, TaskExit>)> {
        let waker = self.ready.waker(key);
        let member = self.running.get_mut(&key)?;
        let polled = member.task.poll_result(&mut Context::from_waker(&waker));
        let Poll::Ready(result) = polled else { return None };
        let member = self.running.remove(&key)?;
        if result.is_ok() {
            member.unlink(); // it may still be about to end
        }
        let result = if member.late { Err(TaskExit::Timeout) } else { result };
        Some((member.kept, result))
    }

    /// The oldest task whose time is up.
    fn poll_late(&mut self, task: &mut Context<'_>) -> Option<u64> {
        let deadline = |member: &Member<T, X>| member.deadline.filter(|_| !member.late);
        loop {
            if self.timer.is_none() {
                let first = self.running.values().find_map(deadline)?;
                self.timer = Some(Box::pin(seam::sleep_until(first)));
            }
            let timer = self.timer.as_mut()?;
            if timer.as_mut().poll(task).is_pending() {
                return None;
            }
            self.timer = None;
            // The timer may have been that of a task that is done by now.
            let now = seam::now();
            let late = self.running.iter().find_map(|(key, member)| {
                deadline(member).filter(|deadline| *deadline <= now).map(|_| *key)
            });
            if late.is_some() {
                return late;
            }
        }
    }
}

impl<T, X> Drop for Crew<T, X> {
    fn drop(&mut self) {
        self.dismiss();
    }
}

impl<I, F, Fut, T, E> TaskStream<I, F, T, E>
where
    I: Iterator<Item: Send + 'static>,
    F: Fn(I::Item) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = T> + Send + 'static,
    T: Send + 'static,
    E: TaskFailure<I::Item>,
{
    /// Waits for the next element; `None` when there are no more.
    pub async fn next(&mut self) -> Option<Result<T, E>> {
        poll_fn(|task| self.poll_element(task)).await
    }

    /// Waits for all elements.
    ///
    /// # Errors
    ///
    /// The element that ended the stream before its time, if one did: a time-out, or a start that
    /// a supervisor refused. A task that failed is an element like any other.
    pub async fn collect_all(mut self) -> Result<Vec<Result<T, E>>, E> {
        let mut all = Vec::new();
        while let Some(element) = self.next().await {
            match element {
                Err(error) if self.has_failed => return Err(error),
                element => all.push(element),
            }
        }
        Ok(all)
    }

    /// Starts tasks as long as there are places and elements.
    fn fill(&mut self) {
        while self.has_room() {
            let Some(item) = self.items.as_mut().and_then(Iterator::next) else {
                self.items = None;
                return;
            };
            let kept = E::keep(&item);
            let (task, linked) = self.launch(item);
            let deadline = match self.options.limit {
                Limit::After(limit) => seam::now().checked_add(limit),
                Limit::At(deadline) => Some(deadline),
                Limit::Infinity => None,
            };
            let member = Member { task, linked, deadline, late: false, kept };
            self.crew.running.insert(self.next_in, member);
            self.crew.ready.push(self.next_in);
            self.next_in += 1;
        }
    }

    fn has_room(&self) -> bool {
        self.items.is_some() && self.crew.running.len() < self.options.max_concurrency
    }

    /// Starts the task of an element; with it comes whom it is linked to.
    ///
    /// A consumer that traps exits is not linked, so that it gets no messages.
    fn launch(&self, item: I::Item) -> (Task<T>, Option<ProcessRef>) {
        let f = Arc::clone(&self.f);
        let work = async move { f(item).await };
        let may_link = !matches!(self.launcher, Launcher::Below(_, false));
        let linked = current::get().filter(|consumer| {
            may_link && !with_control(&**consumer, |control, _| control.trap_exit)
        });
        let task = match &self.launcher {
            Launcher::Alone => Task::spawn_as(linked.is_some(), work),
            Launcher::Below(supervisor, _) => supervisor.spawn_as(linked.is_some(), work),
        };
        (task, linked)
    }

    fn poll_element(&mut self, task: &mut Context<'_>) -> Poll<Option<Result<T, E>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        self.fill();
        for key in self.crew.ready.take(task.waker()) {
            match self.crew.ask(key) {
                None => {}
                Some((_, Ok(value))) => self.settle(key, Ok(value)),
                Some((kept, Err(exit @ TaskExit::NotStarted(_)))) => return self.fail(kept, exit),
                Some((kept, Err(exit))) => self.settle(key, Err(E::new(kept, exit))),
            }
        }
        while let Some(key) = self.crew.poll_late(task) {
            if self.options.kill_late {
                self.crew.running.get_mut(&key).into_iter().for_each(|member| {
                    member.late = true;
                    member.kill();
                });
            } else if let Some(member) = self.crew.running.remove(&key) {
                member.kill();
                return self.fail(member.kept, TaskExit::Timeout);
            }
        }
        if let Some(result) = self.pop() {
            return Poll::Ready(Some(result));
        }
        if self.items.is_none() && self.crew.running.is_empty() {
            self.close();
            return Poll::Ready(None);
        }
        if self.has_room() {
            task.waker().wake_by_ref(); // others first
        }
        Poll::Pending
    }
}

impl<I, F, Fut, T, E> Stream for TaskStream<I, F, T, E>
where
    I: Iterator<Item: Send + 'static>,
    F: Fn(I::Item) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = T> + Send + 'static,
    T: Send + 'static,
    E: TaskFailure<I::Item>,
{
    type Item = Result<T, E>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_element(task)
    }
}

impl<I: Iterator, F, T, E: TaskFailure<I::Item>> fmt::Debug for TaskStream<I, F, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskStream")
            .field("options", &self.options)
            .field("running", &self.crew.running.len())
            .finish_non_exhaustive()
    }
}
