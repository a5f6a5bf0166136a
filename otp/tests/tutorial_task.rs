//! The tutorial's chapter about tasks, and the job queue, as printed.

#![allow(missing_debug_implementations, missing_docs)] // the text is the one that people read

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use otp::prelude::*;

async fn fetch(url: &str) -> String {
    process::sleep(Duration::from_millis(100)).await;
    format!("page of {url}")
}

async fn send_email(user: &'static str, sent: Pid) {
    process::send(sent, user);
}

// async and await
#[otp::test(start_paused)]
async fn async_and_await() -> otp::Result<()> {
    let task = Task::spawn(async {
        // heavy work
        process::sleep(Duration::from_secs(1)).await;
        "result"
    });

    // .. something else ..

    assert_eq!(task.await?, "result"); // five seconds by default

    let task = Task::spawn(fetch("a"));
    assert_eq!(task.timeout(Duration::from_secs(10)).await?, "page of a");
    Ok(())
}

// several tasks side by side
#[otp::test(start_paused)]
async fn side_by_side() -> otp::Result<()> {
    let urls = ["a", "b", "c"];
    let tasks = urls.map(|url| Task::spawn(async move { fetch(url).await }));
    let results = Task::await_many(tasks).await?;
    assert_eq!(results, ["page of a", "page of b", "page of c"]);
    Ok(())
}

// nobody waits for the result
#[otp::test(start_paused)]
async fn fire_and_forget() {
    let me = process::self_pid();
    Task::start(async move {
        send_email("jane", me).await;
    });
    assert_eq!(process::receive_type::<&str>().await, "jane");
}

// with a time-out
#[otp::test(start_paused)]
async fn with_a_time_out() {
    let mut task = Task::spawn(async {
        process::sleep(Duration::from_secs(60)).await;
        "late"
    });
    let answer = match task.yield_for(Duration::from_secs(5)).await {
        Some(result) => result.ok(),
        None => {
            task.shutdown(Duration::from_secs(5)).await;
            None
        }
    };
    assert_eq!(answer, None);
}

// go on although some have failed
#[otp::test(start_paused)]
async fn go_on_with_what_is_there() {
    let seconds = |n: u64| async move {
        process::sleep(Duration::from_secs(n)).await;
        n
    };
    let mut tasks: Vec<Task<u64>> = [1, 60, 2].map(|n| Task::spawn(seconds(n))).into();
    let mut results = Task::yield_many(&mut tasks).timeout(Duration::from_secs(5)).await;
    for (task, result) in tasks.iter_mut().zip(&mut results) {
        if result.is_none() {
            *result = task.shutdown(Shutdown::BrutalKill).await;
        }
    }
    assert_eq!(results, [Some(Ok(1)), None, Some(Ok(2))]);
}

// under a supervisor
#[task_supervisor]
pub struct TaskSupervisor;

supervisor! {
    pub AppSup {
        strategy: one_for_one,
        children: [TaskSupervisor],
    }
}

#[otp::test(start_paused)]
async fn under_a_supervisor() -> otp::Result<()> {
    AppSup::start_link().await?;
    let me = process::self_pid();

    TaskSupervisor::start_child(async move {
        send_email("joe", me).await;
    })
    .await?;
    assert_eq!(process::receive_type::<&str>().await, "joe");

    let task = TaskSupervisor::spawn(async { fetch("data").await });
    assert_eq!(task.await?, "page of data");
    Ok(())
}

// a job queue
type Job = std::sync::Arc<dyn Fn() -> Result<String, String> + Send + Sync>;

#[task_supervisor]
pub struct Runners;

struct Running {
    job: Job,
    tries: u32,
    caller: ReplyTo<Result<String, String>>,
}

pub struct JobQueue {
    limit: usize,
    queued: VecDeque<Running>,
    running: HashMap<MonitorRef, Running>,
}

#[gen_server(name)]
impl JobQueue {
    #[init]
    pub fn init(limit: usize) -> Self {
        JobQueue { limit, queued: VecDeque::new(), running: HashMap::new() }
    }

    /// Runs `job`, at most three times, and answers with its last result.
    #[handle_call]
    pub fn run(
        &mut self,
        job: Job,
        #[from] caller: ReplyTo<Result<String, String>>,
        cx: &mut Context<Self>,
    ) {
        self.queued.push_back(Running { job, tries: 0, caller });
        self.fill(cx);
    }

    #[handle_info]
    fn finished(&mut self, done: TaskDone<Result<String, String>>, cx: &mut Context<Self>) {
        let Some(mut running) = self.running.remove(&done.monitor) else { return };
        running.tries += 1;
        match done.result {
            Ok(Err(_)) | Err(_) if running.tries < 3 => self.queued.push_back(running),
            Ok(result) => running.caller.reply(result),
            Err(reason) => running.caller.reply(Err(reason.to_string())),
        }
        self.fill(cx);
    }

    fn fill(&mut self, cx: &mut Context<Self>) {
        while self.running.len() < self.limit {
            let Some(running) = self.queued.pop_front() else { return };
            let job = running.job.clone();
            let monitor = Runners::start_nolink(cx, async move { job() }); // arrives as TaskDone
            self.running.insert(monitor, running);
        }
    }
}

/// A job that fails so many times and then gives `text`.
fn job(fails: u32, panics: bool, text: &'static str) -> Job {
    let tries = AtomicU32::new(0);
    std::sync::Arc::new(move || {
        let tries = tries.fetch_add(1, Ordering::SeqCst) + 1;
        match tries > fails {
            true => Ok(text.to_owned()),
            false if panics => panic!("try {tries}"),
            false => Err(format!("try {tries}")),
        }
    })
}

#[otp::test(start_paused)]
async fn a_job_queue() -> otp::Result<()> {
    Runners::start_link().await?;
    let queue = JobQueue::start_link(2).await?;
    let jobs = [job(0, false, "a"), job(2, false, "b"), job(2, true, "c"), job(3, false, "d")];
    let answers: Vec<_> = jobs.into_iter().map(|job| queue.run(job).send()).collect();
    let mut results = Vec::new();
    for answer in answers {
        results.push(answer.await?);
    }
    let ok = |text: &str| Ok(text.to_owned());
    assert_eq!(results, [ok("a"), ok("b"), ok("c"), Err("try 3".to_owned())]);
    let crashed = queue.run(job(9, true, "never")).await?;
    assert!(crashed.is_err_and(|error| error.contains("panicked at") && error.ends_with("try 3")));
    Ok(())
}
