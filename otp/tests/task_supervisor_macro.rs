//! `#[task_supervisor]` on the real runtime.

use std::time::Duration;

use otp::{
    CallError, ChildError, ExitReason, MonitorRef, Restart, Shutdown, Task, TaskDone, TaskExit,
    gen_server, process, supervisor, task_supervisor,
};

/// Sends emails.
#[task_supervisor]
#[derive(Debug)]
pub struct Mailer;

#[task_supervisor(max_children = 1)]
struct Narrow;

mod inner {
    /// Visible beside this module only.
    #[otp::task_supervisor(crate = ::otp)]
    pub(super) struct Hidden;
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [Mailer, Narrow, inner::Hidden { id: "hidden" }],
    }
}

/// Wants to know how its tasks went.
struct Clerk {
    heard: Vec<(MonitorRef, Result<u32, ExitReason>)>,
}

#[gen_server(name)]
impl Clerk {
    #[init]
    fn init() -> Self {
        Clerk { heard: Vec::new() }
    }

    #[handle_call]
    fn begin(&mut self, n: u32, cx: &mut otp::Context<Self>) -> MonitorRef {
        Mailer::start_nolink(cx, async move {
            assert!(n > 0, "nothing to do");
            n * 2
        })
    }

    #[handle_info]
    fn done(&mut self, done: TaskDone<u32>) {
        self.heard.push((done.monitor, done.result));
    }

    #[handle_call]
    fn heard(&self) -> Vec<(MonitorRef, Result<u32, ExitReason>)> {
        self.heard.clone()
    }
}

async fn start() {
    App::start_link().await.expect("it starts");
}

#[otp::test(start_paused)]
async fn tasks_run_under_the_type() {
    start().await;
    let me = process::self_pid();
    let pid = Mailer::start_child(async move {
        process::send(me, otp::ancestors().first().map(ToString::to_string));
        std::future::pending::<()>().await;
    });
    let pid = pid.await.expect("it starts");
    let ancestor: Option<String> = process::receive_type().await;
    assert_eq!(ancestor.as_deref(), Some("Mailer"));
    assert_eq!(Mailer::children().await, Ok(vec![pid]));
    assert_eq!(Mailer::count_children().await.map(|counts| counts.active), Ok(1));
    assert_eq!(Mailer::terminate_child(pid).await, Ok(()));
    assert_eq!(Mailer::terminate_child(pid).await, Err(ChildError::NotFound));
    assert_eq!(Mailer::spawn(async { 42 }).await, Ok(42));
    let failed: Task<()> = Mailer::spawn_nolink(async { process::exit(ExitReason::error("no")) });
    assert_eq!(failed.await, Err(TaskExit::Exited(ExitReason::error("no"))));
    assert_eq!(inner::Hidden::spawn(async { "seen" }).await, Ok("seen"));
}

#[otp::test(start_paused)]
async fn the_limit_counts() {
    start().await;
    let pid = Narrow::start_child(std::future::pending::<()>()).await.expect("there is a place");
    assert_eq!(Narrow::start_child(async {}).await, Err(ChildError::MaxChildren));
    let refused = TaskExit::NotStarted(ChildError::MaxChildren);
    assert_eq!(Narrow::spawn(async {}).await, Err(refused.clone()));
    assert_eq!(Narrow::stream([1], |n| async move { n }).collect_all().await, Err(refused));
    Narrow::terminate_child(pid).await.expect("it is there");
    let all = Narrow::stream_nolink([1, 2], |n| async move { n }).max_concurrency(1);
    assert_eq!(all.collect_all().await, Ok(vec![Ok(1), Ok(2)]));
}

#[otp::test(start_paused)]
async fn a_server_hears_of_its_tasks() {
    start().await;
    let clerk = Clerk::start_link().await.expect("it starts");
    let good = clerk.begin(21).or_exit().await;
    let bad = clerk.begin(0).or_exit().await;
    process::sleep(Duration::from_secs(1)).await;
    let heard = clerk.heard().or_exit().await;
    assert_eq!(heard.len(), 2);
    assert!(heard.contains(&(good, Ok(42))));
    assert!(heard.iter().any(|(monitor, result)| {
        *monitor == bad && matches!(result, Err(reason) if reason.is_crash())
    }));
}

#[otp::test(start_paused)]
async fn a_task_may_come_back() {
    start().await;
    let me = process::self_pid();
    let spec = Task::child_spec(move || async move {
        process::send(me, process::self_pid());
        process::receive_type::<()>().await;
        panic!("again");
    });
    let first = Mailer::start_child_with(spec.restart(Restart::Transient)).await;
    let first = first.expect("it starts");
    assert_eq!(process::receive_type::<otp::Pid>().await, first);
    process::send(first, ());
    let second: otp::Pid = process::receive_type().await;
    assert_eq!(Mailer::children().await, Ok(vec![second]));
}

#[otp::test(start_paused)]
async fn a_supervisor_that_does_not_run_is_an_error() {
    let no_proc = CallError::NoProc;
    assert_eq!(Mailer::children().await, Err(no_proc.clone()));
    assert_eq!(Mailer::start_child(async {}).await, Err(ChildError::Call(no_proc.clone())));
    let refused = TaskExit::NotStarted(ChildError::Call(no_proc));
    assert_eq!(Mailer::spawn(async {}).await, Err(refused));
    Mailer::start_link().await.expect("it starts");
    let task = Mailer::client().with_shutdown(Shutdown::BrutalKill).spawn_nolink(async {
        process::trap_exit(true);
        std::future::pending::<()>().await;
    });
    Mailer::stop().await.expect("it stops");
    assert_eq!(task.await, Err(TaskExit::Exited(ExitReason::Killed)));
}
