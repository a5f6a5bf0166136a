//! Queues: each is a process that runs the jobs which the store gives it.

use std::collections::HashMap;
use std::time::Duration;

use otp::prelude::*;
use tokio::sync::oneshot;

use crate::backoff::Backoff;
use crate::config::Settings;
use crate::run::run;
use crate::store::{Claimed, Exchanged, Finished, Outcome, Report, Store};
use crate::time::Time;
use crate::worker::{JobInfo, Workers};

/// Finds a queue by its name.
#[registry(unique)]
pub struct Queues(String);

/// The tasks of a queue's jobs. Each queue has one of its own, whose name is made of its own.
#[derive(Debug)]
#[task_supervisor]
pub struct Runners;

supervisor! {
    /// A queue and the jobs that it runs. When one of the two crashes both begin anew, so that a
    /// queue that starts knows that nothing of it is running.
    pub QueueTree(name: String, settings: Settings) {
        strategy: one_for_all,
        children: [
            Runners { name: runners(&name) },
            Queue(name, settings),
        ],
    }
}

/// All queues.
#[dynamic_supervisor]
pub struct QueueSup(QueueTree);

/// The name of the supervisor of a queue's jobs.
fn runners(queue: &str) -> String {
    format!("runners of {queue}")
}

/// A queue.
///
/// It asks the store for jobs when it is woken and has room. One report is under way at a time, and
/// tells all that has ended since the last one, so a busy queue needs one commit for many jobs.
#[derive(Debug)]
pub struct Queue {
    name: String,
    workers: Workers,
    backoff: Backoff,
    time_limits: HashMap<String, Duration>,
    running: HashMap<MonitorRef, Running>,
    /// Attempts that are over and not reported yet.
    finished: Vec<Finished>,
    /// How many jobs may run, as the store has said last; no limit when that may have changed.
    limit: usize,
    /// Whether there may be jobs.
    woken: bool,
    /// Whether the store is asked right now.
    asking: bool,
    /// Whether it takes no more jobs, as the program stops.
    closed: bool,
    /// Who waits for the end of those that run.
    draining: Option<ReplyTo<()>>,
}

/// A job that runs. When this is dropped, the job ends.
#[derive(Debug)]
struct Running {
    job: JobInfo,
    stop: oneshot::Sender<()>,
}

/// What is left to do after the start.
struct Begin;

/// Running jobs have had their time to finish.
struct DrainOver;

#[gen_server(name = via(Queues, name))]
impl Queue {
    #[init]
    /// The queue of this name, which the store knows.
    pub fn init(name: String, settings: Settings) -> Init<Self> {
        Init::ok(Queue {
            name,
            backoff: settings.backoff(),
            time_limits: settings.config.time_limits.into_iter().collect(),
            workers: settings.workers,
            running: HashMap::new(),
            finished: Vec::new(),
            limit: usize::MAX,
            woken: true,
            asking: false,
            closed: false,
            draining: None,
        })
        .continue_with(Begin)
    }

    #[handle_continue]
    fn begin(&mut self, _: Begin, cx: &mut Context<Self>) {
        self.ask(true, cx);
    }

    /// There may be jobs.
    #[handle_cast]
    pub(crate) fn wake(&mut self, cx: &mut Context<Self>) {
        self.woken = true;
        self.go_on(cx);
    }

    /// The limit is another one, which the store will tell.
    #[handle_cast]
    pub(crate) fn reload(&mut self, cx: &mut Context<Self>) {
        self.limit = usize::MAX;
        self.woken = true;
        self.go_on(cx);
    }

    /// Ends a job that was cancelled, if it runs.
    #[handle_cast]
    pub(crate) fn stop_job(&mut self, id: i64) {
        let job = self.running.values_mut().find(|running| running.job.id == id);
        if let Some(running) = job {
            running.stop = oneshot::channel().0; // the old one is dropped, which ends the task
        }
    }

    /// Takes no more jobs, and answers when those that run have ended and that is on disk. What
    /// takes longer than `limit` is given back.
    #[handle_call]
    pub(crate) fn drain(
        &mut self,
        limit: Duration,
        #[from] caller: ReplyTo<()>,
        cx: &mut Context<Self>,
    ) {
        self.closed = true;
        self.draining = Some(caller);
        cx.send_after(limit, DrainOver);
        self.go_on(cx);
    }

    #[handle_info]
    fn drain_over(&mut self, _: DrainOver, cx: &mut Context<Self>) {
        let released: Vec<Running> = self.running.drain().map(|(_, running)| running).collect();
        for running in released {
            self.finish(running.job, Outcome::Released);
        }
        self.go_on(cx);
    }

    #[handle_info]
    fn exchanged(&mut self, exchanged: Exchanged, cx: &mut Context<Self>) {
        self.asking = false;
        self.limit = exchanged.limit;
        let free = self.limit.saturating_sub(self.running.len());
        // As many as there was room for: there may be more.
        self.woken |= free > 0 && exchanged.claimed.len() >= free;
        for claimed in exchanged.claimed {
            self.start(claimed, cx);
        }
        self.go_on(cx);
    }

    #[handle_info]
    fn job_done(&mut self, done: TaskDone<Outcome>, cx: &mut Context<Self>) {
        let Some(running) = self.running.remove(&done.monitor) else { return };
        let outcome = done.result.unwrap_or_else(|reason| match reason {
            ExitReason::Crash(crash) => Outcome::Panicked(crash.message().to_string()),
            reason => Outcome::Failed(format!("the task ended: {reason}")),
        });
        self.finish(running.job, outcome);
        self.go_on(cx);
    }

    /// Runs a job in a task of its own.
    fn start(&mut self, claimed: Claimed, cx: &mut Context<Self>) {
        let Claimed { job, kind, args } = claimed;
        if self.closed {
            return self.finish(job, Outcome::Released);
        }
        let (work, limit) = match self.workers.begin(&kind, args, job) {
            Ok(begun) => begun,
            // Enqueued by a version of the program that knew it.
            Err(error) => return self.finish(job, Outcome::Discarded(error.to_string())),
        };
        let limit = self.time_limits.get(&kind).copied().unwrap_or(limit);
        let (stop, stopped) = oneshot::channel();
        let runners = TaskSupervisorRef::named(runners(&self.name));
        let label = format!("job {} of kind {kind}", job.id);
        let monitor = runners.start_nolink(cx, run(label, work, limit, stopped));
        self.running.insert(monitor, Running { job, stop });
    }

    fn finish(&mut self, job: JobInfo, outcome: Outcome) {
        let ended_at = Time::now();
        let retry_at = ended_at.after(self.backoff.delay(job.attempt));
        self.finished.push(Finished { job, ended_at, outcome, retry_at });
    }

    /// Asks the store when there is something to tell or to get.
    fn go_on(&mut self, cx: &mut Context<Self>) {
        if self.asking {
            return;
        }
        let wants = self.woken && self.running.len() < self.limit && !self.closed;
        if wants || !self.finished.is_empty() {
            self.ask(false, cx);
        } else if self.running.is_empty()
            && let Some(caller) = self.draining.take()
        {
            caller.reply(());
        }
    }

    fn ask(&mut self, begins: bool, cx: &mut Context<Self>) {
        self.asking = true;
        self.woken = false;
        let report = Report {
            queue: self.name.clone(),
            begins,
            finished: std::mem::take(&mut self.finished),
            running: self.running.len(),
            takes: !self.closed,
        };
        Store::client().exchange(report, cx.client().recipient());
    }
}
