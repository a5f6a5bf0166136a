//! The scenarios of `golden/task.txt` about tasks and task supervisors.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use otp::{
    ChildError, Exit, ExitReason, Limit, Message, Pid, Shutdown, Task, TaskExit, TaskSupervisor,
    TaskSupervisorRef, process,
};

use super::helpers::{down_reason, down_ref, error, ms, next, next_as, tried};
use super::show::{Outcome, Raised, Show, Value, f};
use super::trace::{ev, n, nm};
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    scenario!("TASK-T01", ["TASK-START-01", "TASK-AWAIT-01", "TASK-AWAIT-02"], await_once),
    scenario!("TASK-T02", ["TASK-AWAIT-06"], failing_owner),
    scenario!("TASK-T03", ["TASK-AWAIT-05", "TASK-AWAIT-07", "TASK-AWAIT-10"], trapping_owner),
    scenario!("TASK-T04", ["TASK-AWAIT-03", "TASK-AWAIT-04"], time_out),
    scenario!("TASK-T05", ["TASK-AWAIT-08", "TASK-AWAIT-09"], not_the_owner),
    scenario!("TASK-T06", ["TASK-YIELD-01", "TASK-YIELD-03"], yields),
    scenario!("TASK-T07", ["TASK-SHUT-01", "TASK-SHUT-02", "TASK-SHUT-03", "TASK-SHUT-04"], shuts),
    scenario!(
        "TASK-T08",
        ["TASK-MANY-01", "TASK-MANY-02", "TASK-MANY-03", "TASK-MANY-04"],
        await_many
    ),
    scenario!("TASK-T09", ["TASK-YIELD-04", "TASK-YIELD-05"], yield_many),
    scenario!("TASK-T10", ["TASK-STRM-01", "TASK-STRM-02"], stream_order),
    scenario!("TASK-T11", ["TASK-STRM-05", "TASK-STRM-06", "TASK-STRM-08"], stream_time_outs),
    scenario!("TASK-T12", ["TASK-STRM-07", "TASK-STRM-09", "TASK-STRM-15"], stream_failures),
    scenario!("TSUP-T01", ["TSUP-01", "TSUP-04", "TSUP-07"], supervised),
    scenario!("TSUP-T02", ["TSUP-03"], nolink),
    scenario!("TASK-T13", ["TASK-START-04", "TSUP-02", "TSUP-08"], callers),
    scenario!("TASK-T14", ["TASK-STRM-03"], slow_head),
    scenario!("TASK-T15", ["TASK-SHUT-06"], harmless),
    scenario!("TASK-T16", ["TASK-YIELD-06"], yield_limit),
    scenario!("TSUP-T03", ["TSUP-10"], full_stream),
];

impl Show for TaskExit {
    fn show(&self) -> String {
        let reason = match self {
            TaskExit::Exited(reason) => f(reason),
            TaskExit::Timeout => "timeout".to_owned(),
            other => format!("{other:?}"),
        };
        format!("failed_call({reason})")
    }
}

impl<T: Show> Outcome for Result<T, TaskExit> {
    fn outcome(&self) -> String {
        match self {
            Ok(value) => format!("ok {}", f(value)),
            Err(TaskExit::NotOwner { .. }) => Raised("ArgumentError").outcome(),
            Err(error) => format!("exit {}", f(error)),
        }
    }
}

/// A result of `yield`, `shutdown` or a stream: `(ok,v)` or `(exit,r)`.
struct Came<'a, T>(&'a Result<T, TaskExit>);

impl<T: Show> Show for Came<'_, T> {
    fn show(&self) -> String {
        match self.0 {
            Ok(value) => format!("(ok,{})", f(value)),
            Err(TaskExit::Timeout) => "(exit,timeout)".to_owned(),
            Err(TaskExit::Exited(reason)) => format!("(exit,{})", f(reason)),
            Err(error) => format!("{error:?}"),
        }
    }
}

/// A result that may be missing, of an operation that can be refused.
fn tried_some<T: Show + Debug>(label: &str, result: &Option<Result<T, TaskExit>>) {
    match result {
        Some(Err(TaskExit::NotOwner { .. })) => tried(label, Raised("ArgumentError")),
        other => tried(label, Value(came(other))),
    }
}

fn came<T: Show>(result: &Option<Result<T, TaskExit>>) -> Shown {
    Shown(result.as_ref().map_or_else(|| "none".to_owned(), |it| f(&Came(it))))
}

/// What is written already.
struct Shown(String);

impl Show for Shown {
    fn show(&self) -> String {
        self.0.clone()
    }
}

/// The results of a stream that came to its end, or why it did not.
fn streamed<T: Show>(label: &str, all: &Result<Vec<Result<T, TaskExit>>, TaskExit>) {
    match all {
        Ok(all) => tried(label, Value(elements(all))),
        Err(error) => tried(label, Err::<(), _>(error.clone())),
    }
}

fn elements<T: Show>(all: &[Result<T, TaskExit>]) -> Vec<Shown> {
    all.iter().map(|it| Shown(f(&Came(it)))).collect()
}

fn all<T: Show>(results: &[Option<Result<T, TaskExit>>]) -> String {
    f(&results.iter().map(came).collect::<Vec<_>>())
}

async fn sleep(milliseconds: u64) -> u64 {
    process::sleep(ms(milliseconds)).await;
    milliseconds
}

async fn boom() -> u64 {
    process::exit(error("boom"))
}

/// A task that ends with a value when it is told to.
fn gate(value: &'static str) -> Task<&'static str> {
    Task::spawn(async move {
        let Go = process::receive_type().await;
        value
    })
}

struct Go;
struct Up;

async fn await_once() {
    let mut task = Task::spawn(async { 42 });
    tried("await", (&mut task).await);
    next().await;
    tried("await twice", task.timeout(ms(20)).await);
}

async fn failing_owner() {
    for label in ["exit", "raise"] {
        let owner = process::spawn(async move {
            nm(process::self_pid(), format!("owner {label}"));
            let Go = process::receive_type().await;
            let _task: Task<()> = Task::spawn(async move {
                if label == "exit" { process::exit(error("boom")) } else { panic!("oops") }
            });
            process::sleep(ms(5000)).await;
        });
        let monitor = process::monitor(owner);
        process::send(owner, Go);
        let reason = down_reason(monitor).await.expect("the owner ends");
        ev(format!("owner {label} down {}", f(&reason)));
    }
}

async fn trapping_owner() {
    process::trap_exit(true);
    for (name, reason) in [("task", error("boom")), ("task2", ExitReason::Normal)] {
        let is_first = name == "task";
        let task: Task<()> = Task::spawn(async move { process::exit(reason) });
        nm(task.pid().expect("it has a process"), name);
        tried("await", task.await);
        next().await;
        if is_first {
            next().await;
        }
    }
}

async fn time_out() {
    let mut task = gate("late").timeout(ms(20));
    let pid = task.pid().expect("it has a process");
    tried("await", (&mut task).await);
    ev(format!("task alive {}", process::is_alive(pid)));
    let monitor = process::monitor(pid);
    process::send(pid, Go);
    let reason = down_reason(monitor).await.expect("the task ends");
    ev(format!("task ended {}", f(&reason)));
    next().await;
}

async fn not_the_owner() {
    let mut task = Task::spawn(sleep(500));
    let me = process::self_pid();
    process::spawn(async move {
        tried("await", (&mut task).await);
        tried_some("yield", &task.yield_for(ms(0)).await);
        tried_some("shutdown", &task.shutdown(ms(5000)).await);
        process::send(me, Up);
    });
    let Up = process::receive_type().await;
}

async fn yields() {
    let mut task = gate("done");
    tried_some("yield", &task.yield_for(ms(10)).await);
    process::send(task.pid().expect("it has a process"), Go);
    tried_some("yield", &task.yield_for(ms(1000)).await);
    tried_some("yield consumed", &task.yield_for(ms(10)).await);
    let mut task: Task<()> = Task::spawn(async { process::exit(ExitReason::Normal) });
    tried_some("yield exit", &task.yield_for(ms(1000)).await);
}

/// Waits a moment for an exit message, and drops it.
async fn quiet() {
    process::receive_timeout(Message::downcast::<Exit>, ms(20)).await;
}

/// A task that traps exits and does not care.
fn stubborn(owner: Pid) -> Task<()> {
    Task::spawn(async move {
        process::trap_exit(true);
        process::send(owner, Up);
        process::sleep(ms(5000)).await;
    })
}

async fn shuts() {
    process::trap_exit(true);
    let me = process::self_pid();
    tried_some("running", &Task::spawn(sleep(5000)).shutdown(ms(5000)).await);
    quiet().await;
    let mut task = Task::spawn(async { "fast" });
    sleep(20).await;
    tried_some("finished", &task.shutdown(ms(5000)).await);
    quiet().await;
    let mut task = stubborn(me);
    let Up = process::receive_type().await;
    tried_some("stubborn 20ms", &task.shutdown(ms(20)).await);
    quiet().await;
    let mut task = stubborn(me);
    let Up = process::receive_type().await;
    tried_some("stubborn brutal", &task.shutdown(Shutdown::BrutalKill).await);
    quiet().await;
    let mut task: Task<()> = Task::spawn(async move {
        process::trap_exit(true);
        process::send(me, Up);
        let _: Exit = process::receive_type().await;
        process::exit(error("own_reason"))
    });
    let Up = process::receive_type().await;
    tried_some("own reason", &task.shutdown(ms(5000)).await);
    quiet().await;
}

async fn await_many() {
    tried("all", Task::await_many([30, 10, 20].map(|it| Task::spawn(sleep(it)))).await);
    next().await;
    tried("empty", Task::await_many(Vec::<Task<u64>>::new()).await);
    let tasks = [Task::spawn(async { 1 }), Task::spawn(sleep(500))];
    tried("time-out", Task::await_many(tasks).timeout(ms(40)).await);
    process::trap_exit(true);
    let tasks = [Task::spawn(sleep(500)), Task::spawn(boom())];
    tried("one fails", Task::await_many(tasks).await);
}

async fn yield_many() {
    process::trap_exit(true);
    let slow = async {
        sleep(500).await;
        "slow"
    };
    let fails = async { process::exit(error("boom")) };
    let mut tasks = [Task::spawn(async { "a" }), Task::spawn(slow), Task::spawn(fails)];
    ev(all(&Task::yield_many(&mut tasks).timeout(ms(50)).await));
    let killed = Task::yield_many(&mut tasks[1..2]).timeout(ms(10)).kill_on_timeout().await;
    ev(all(&killed));
    ev(format!("alive {}", process::is_alive(tasks[1].pid().expect("it has a process"))));
}

async fn stream_order() {
    let ordered = Task::stream([60, 10, 30], sleep).max_concurrency(3).collect_all().await;
    let free = Task::stream([90, 10, 50], sleep).max_concurrency(3).ordered(false);
    for all in [ordered, free.collect_all().await] {
        let all = all.expect("nothing is late");
        ev(f(&elements(&all)));
    }
    let count = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
    let inner = Arc::clone(&count);
    let work = move |_: u64| {
        let count = Arc::clone(&inner);
        async move {
            let now = count.0.fetch_add(1, Ordering::SeqCst) + 1;
            count.1.fetch_max(now, Ordering::SeqCst);
            sleep(20).await;
            count.0.fetch_sub(1, Ordering::SeqCst);
        }
    };
    let mut stream = Task::stream(1..=8, work).max_concurrency(2);
    while stream.next().await.is_some() {}
    ev(format!("peak at most 2 {}", count.1.load(Ordering::SeqCst) <= 2));
    next().await;
}

async fn stream_time_outs() {
    let stream = |items: &[u64], limit: u64| {
        Task::stream(items.to_vec(), sleep).timeout(ms(limit)).max_concurrency(2)
    };
    streamed("default", &stream(&[1, 500], 40).collect_all().await);
    streamed("kill_task", &stream(&[1, 500, 2], 60).kill_on_timeout().collect_all().await);
    let zipped = stream(&[1, 500], 60).kill_on_timeout().zip_input_on_exit().collect_all().await;
    let zipped = zipped.expect("late tasks are killed");
    let shown = zipped.iter().map(|it| match it {
        Ok(value) => Shown(format!("(ok,{value})")),
        Err((input, exit)) => {
            let exit: Result<(), _> = Err(exit.clone());
            Shown(f(&Came(&exit)).replace("(exit,", &format!("(exit,({input},")) + ")")
        }
    });
    tried("zip", Value(shown.collect::<Vec<_>>()));
    next().await;
}

async fn stream_failures() {
    process::trap_exit(true);
    let exits =
        Task::stream(
            1..=3,
            |i| async move { if i == 2 { process::exit(error("boom")) } else { i } },
        );
    streamed("exits", &exits.collect_all().await);
    next().await;
    let mut stream = Task::stream([1, 5000, 5000], sleep).max_concurrency(3);
    let first = stream.next().await.into_iter().collect();
    drop(stream);
    streamed("take 1", &Ok(first));
    let links = process::info(process::self_pid()).map(|info| info.links.len());
    ev(format!("links {}", f(&links)));
    next().await;
}

async fn limited(most: usize) -> TaskSupervisorRef {
    TaskSupervisor::new().max_children(most).start_link().await.expect("it starts")
}

async fn unlimited() -> TaskSupervisorRef {
    TaskSupervisor::new().start_link().await.expect("it starts")
}

/// Waits until a supervisor has no tasks.
async fn wait_for_none(supervisor: &TaskSupervisorRef) {
    for _ in 0..500 {
        if supervisor.children().await.expect("it runs").is_empty() {
            return;
        }
        process::sleep(ms(2)).await;
    }
    ev("WAIT TIMEOUT");
}

async fn supervised() {
    let supervisor = limited(1).await;
    let work = async {
        let Go = process::receive_type().await;
        boom().await;
    };
    let pid = supervisor.start_child(work).await.expect("it starts");
    ev(format!("children {}", supervisor.children().await.expect("it runs").len()));
    match supervisor.start_child(async {}).await {
        Err(ChildError::MaxChildren) => tried("full", Value(Err::<(), _>("max_children"))),
        other => ev(format!("full -> {other:?}")),
    }
    let monitor = process::monitor(pid);
    process::send(pid, Go);
    let reason = down_reason(monitor).await.expect("the task ends");
    ev(format!("down {}", f(&reason)));
    wait_for_none(&supervisor).await;
    ev("children 0");
}

async fn nolink() {
    let supervisor = unlimited().await;
    tried_some("yield", &supervisor.spawn_nolink(boom()).yield_for(ms(1000)).await);
    ev("owner fine");
    tried("await", supervisor.spawn_nolink(boom()).await);
    next().await;
}

async fn callers() {
    let supervisor = unlimited().await;
    nm(supervisor.pid().expect("it runs"), "tsup");
    let outer = Task::spawn(async move {
        nm(process::self_pid(), "t1");
        ev(f(&otp::callers()));
        let inner = supervisor.spawn(async {
            ev(f(&otp::callers()));
            let nearest = otp::ancestors().first().map(|ancestor| ancestor.pid);
            ev(format!("[<{}>]", nearest.map(n).unwrap_or_default()));
        });
        inner.await
    });
    outer.await.expect("it gives a result").expect("it gives a result");
}

async fn slow_head() {
    let begin = tokio::time::Instant::now();
    let stream = Task::stream([400, 5, 5, 5, 5, 5], move |it| async move {
        let late = begin.elapsed() > ms(300);
        sleep(it).await;
        late
    });
    let all = stream.max_concurrency(2).collect_all().await.expect("nothing is late");
    let late: Vec<bool> = all.into_iter().map(|it| it.expect("nothing fails")).collect();
    ev(format!("started after the head finished: {}", f(&late)));
}

async fn harmless() {
    for how in [Shutdown::After(ms(5000)), Shutdown::BrutalKill] {
        let owner = process::spawn(async move {
            nm(process::self_pid(), "owner");
            let mut task = Task::spawn(sleep(5000));
            sleep(20).await;
            ev(format!("got {}", f(&came(&task.shutdown(how).await))));
            sleep(20).await;
            next_as("owner", ms(100)).await;
        });
        let monitor = process::monitor(owner);
        down_ref(owner, monitor).await;
    }
    process::trap_exit(true);
    let mut task = Task::spawn(sleep(5000));
    sleep(20).await;
    ev(format!("running {}", f(&came(&task.shutdown(ms(5000)).await))));
    next().await;
    let mut task = Task::spawn(boom());
    nm(task.pid().expect("it has a process"), "task");
    sleep(20).await;
    ev(format!("crashed {}", f(&came(&task.shutdown(ms(5000)).await))));
    next().await;
}

async fn yield_limit() {
    let slow = async {
        sleep(150).await;
        "slow"
    };
    let mut tasks = [Task::spawn(slow), Task::spawn(async { "fast" })];
    ev(all(&Task::yield_many(&mut tasks).limit(1).timeout(Limit::Infinity).await));
    ev(all(&Task::yield_many(&mut tasks[..1]).timeout(ms(1000)).await));
    next().await;
}

async fn full_stream() {
    let supervisor = limited(1).await;
    let stream = supervisor.stream([5000, 5000, 5000], sleep).max_concurrency(2);
    match stream.collect_all().await {
        Err(TaskExit::NotStarted(ChildError::MaxChildren)) => tried("stream", Value("refused")),
        other => ev(format!("stream -> {other:?}")),
    }
    wait_for_none(&supervisor).await;
    ev("children 0");
    next().await;
}
