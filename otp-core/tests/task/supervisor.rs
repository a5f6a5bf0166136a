//! Tasks under a supervisor.

use otp_core::{
    CallError, Context, GenServer, HandleInfo, InitResult, MonitorRef, Never, Next, ReplyTo,
    ServerRef, Start, Supervisor,
};

use super::*;

async fn unlimited() -> TaskSupervisorRef {
    TaskSupervisor::new().start_link().await.unwrap()
}

async fn limited(most: usize) -> TaskSupervisorRef {
    TaskSupervisor::new().max_children(most).start_link().await.unwrap()
}

/// A future that waits until it is told how to end.
async fn told() -> u32 {
    let reason: Result<u32, ExitReason> = process::receive_type().await;
    match reason {
        Ok(value) => value,
        Err(reason) => process::exit(reason),
    }
}

fn tell(pid: Pid, result: Result<u32, ExitReason>) {
    process::send(pid, result);
}

/// TSUP-01.
#[test]
fn a_child_is_unlinked_and_temporary() {
    paused(async {
        let supervisor = unlimited().await;
        let own = supervisor.pid().unwrap();
        let pid = supervisor.start_child(told()).await.unwrap();
        assert_eq!(links(), [own]);
        assert_eq!(process::info(pid).unwrap().links, [own]);
        tell(pid, Err(error("boom")));
        process::join(pid).await;
        assert_eq!(supervisor.children().await, Ok(vec![]));
        assert_eq!(supervisor.which_children().await, Ok(vec![]));
    });
}

/// TSUP-02.
#[test]
fn a_spawned_task_is_linked_to_both() {
    paused(async {
        let supervisor = unlimited().await;
        let own = supervisor.pid().unwrap();
        let task = supervisor.spawn(told());
        let pid = task.pid().unwrap();
        assert_eq!(task.owner(), Some(process::self_pid()));
        assert_eq!(supervisor.children().await, Ok(vec![pid]));
        let mut linked = process::info(pid).unwrap().links;
        linked.sort();
        let mut both = [own, process::self_pid()];
        both.sort();
        assert_eq!(linked, both);
        tell(pid, Ok(7));
        assert_eq!(task.await, Ok(7));
        let inner = supervisor.clone();
        let reason = end_of(async move {
            let task = inner.spawn(async { process::exit(error("boom")) });
            let _: Result<(), _> = task.await;
            std::future::pending::<()>().await;
        });
        assert_eq!(reason.await, error("boom"));
        // The other way round: an owner that fails ends its task, and not the supervisor.
        let (me, inner) = (process::self_pid(), supervisor.clone());
        let reason = end_of(async move {
            let task = inner.spawn(told());
            process::send(me, task.pid().unwrap());
            process::exit(error("owner"));
        });
        assert_eq!(reason.await, error("owner"));
        let pid: Pid = process::receive_type().await;
        process::join(pid).await;
        assert_eq!(supervisor.children().await, Ok(vec![]));
    });
}

/// TSUP-03.
#[test]
fn a_crash_without_a_link_is_only_a_result() {
    paused(async {
        let supervisor = unlimited().await;
        let mut task = supervisor.spawn_nolink(told());
        tell(task.pid().unwrap(), Err(error("boom")));
        assert_eq!(task.yield_for(SECOND).await, Some(exited(error("boom"))));
        let task = supervisor.spawn_nolink(told());
        tell(task.pid().unwrap(), Ok(1));
        assert_eq!(task.await, Ok(1));
        process::trap_exit(true);
        let task: Task<()> = supervisor.spawn_nolink(async { process::exit(error("boom")) });
        assert_eq!(task.await, exited(error("boom")));
        assert!(next().await.is_none());
    });
}

/// TSUP-04: a refused start is an error, and harms nobody.
#[test]
fn a_full_supervisor_refuses() {
    paused(async {
        let supervisor = limited(1).await;
        let pid = supervisor.start_child(told()).await.unwrap();
        assert_eq!(supervisor.start_child(told()).await, Err(ChildError::MaxChildren));
        let not_started = TaskExit::NotStarted(ChildError::MaxChildren);
        for linked in [true, false] {
            let (me, holds) = (process::self_pid(), DropTells(process::self_pid()));
            let work = async move {
                let _holds = holds;
                process::send(me, "it runs");
            };
            let task = if linked { supervisor.spawn(work) } else { supervisor.spawn_nolink(work) };
            assert_eq!(task.await, Err(not_started.clone()));
            assert_eq!(process::receive_type::<&str>().await, "dropped");
        }
        assert!(next().await.is_none());
        assert_eq!(links(), [supervisor.pid().unwrap()]);
        assert_eq!(supervisor.children().await, Ok(vec![pid]));
        supervisor.terminate_child(pid).await.unwrap();
        assert_eq!(supervisor.spawn(async { 1 }).await, Ok(1));
    });
}

/// Says when it is dropped.
struct DropTells(Pid);

impl Drop for DropTells {
    fn drop(&mut self) {
        process::send(self.0, "dropped");
    }
}

/// TSUP-04: what a refused task owned may even panic.
#[test]
fn a_refused_future_cannot_harm_the_supervisor() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("in the destructor");
        }
    }
    paused(async {
        let supervisor = limited(0).await;
        let bomb = Bomb;
        let task = supervisor.spawn_nolink(async move { drop(bomb) });
        assert_eq!(task.await, Err(TaskExit::NotStarted(ChildError::MaxChildren)));
        assert_eq!(supervisor.children().await, Ok(vec![]));
    });
}

/// A supervisor that does not run is an error, too.
#[test]
fn a_supervisor_that_is_gone_refuses() {
    paused(async {
        let named = TaskSupervisorRef::named("nobody");
        let gone = unlimited().await;
        gone.stop().await.unwrap();
        for supervisor in [named, gone] {
            let no_proc = ChildError::Call(CallError::NoProc);
            assert_eq!(supervisor.start_child(async {}).await, Err(no_proc.clone()));
            let task = supervisor.spawn(async { 1 });
            assert_eq!(task.await, Err(TaskExit::NotStarted(no_proc.clone())));
            assert_eq!(supervisor.spawn_nolink(async { 1 }).yield_for(SECOND).await, {
                Some(Err(TaskExit::NotStarted(no_proc)))
            });
            assert_eq!(supervisor.children().await, Err(CallError::NoProc));
        }
        assert!(links().is_empty() && next().await.is_none());
    });
}

/// A task that is told to end before its supervisor has run it never runs.
#[test]
fn a_task_may_be_ended_before_it_begins() {
    paused(async {
        let (supervisor, me) = (unlimited().await, process::self_pid());
        let mut task = supervisor.spawn(async move { process::send(me, "it runs") });
        process::send_exit(task.pid().unwrap(), ExitReason::Kill);
        assert_eq!(task.shutdown(Shutdown::BrutalKill).await, None);
        assert_eq!(supervisor.children().await, Ok(vec![]));
        assert!(next().await.is_none());
    });
}

/// TSUP-05.
#[test]
fn tasks_end_with_their_supervisor_as_told() {
    paused(async {
        let end = |supervisor: TaskSupervisorRef, after: Duration| async move {
            let task = supervisor.spawn_nolink(async {
                process::trap_exit(true);
                std::future::pending::<()>().await;
            });
            process::sleep(SECOND).await;
            let begin = Instant::now();
            supervisor.stop().await.unwrap();
            assert_eq!(begin.elapsed(), after);
            task.await
        };
        let killed = || exited(ExitReason::Killed);
        assert_eq!(end(unlimited().await, 5 * SECOND).await, killed());
        let patient = unlimited().await.with_shutdown(MINUTE);
        assert_eq!(end(patient, MINUTE).await, killed());
        let brutal = unlimited().await.with_shutdown(Shutdown::BrutalKill);
        assert_eq!(end(brutal, Duration::ZERO).await, killed());
        let supervisor = unlimited().await.with_shutdown(Shutdown::BrutalKill);
        let child = supervisor.start_child(told()).await.unwrap();
        let monitor = process::monitor(child);
        supervisor.stop().await.unwrap();
        let down: Down = process::receive_type().await;
        assert_eq!((down.monitor, down.reason), (monitor, ExitReason::Killed));
    });
}

/// TSUP-06.
#[test]
fn a_task_may_be_restarted() {
    paused(async {
        let (supervisor, me) = (unlimited().await, process::self_pid());
        let run = move || async move {
            process::send(me, (process::self_pid(), otp_core::callers()));
            told().await
        };
        let transient = Task::child_spec(run).restart(Restart::Transient);
        let first = supervisor.start_child_with(transient).await.unwrap();
        let begun: (Pid, Vec<Pid>) = process::receive_type().await;
        assert_eq!(begun, (first, vec![me]));
        tell(first, Err(error("again")));
        let (second, callers): (Pid, Vec<Pid>) = process::receive_type().await;
        assert_eq!((supervisor.children().await, callers), (Ok(vec![second]), vec![me]));
        tell(second, Ok(1));
        process::join(second).await;
        assert_eq!(supervisor.children().await, Ok(vec![]));
        let permanent = Task::child_spec(run).restart(Restart::Permanent);
        supervisor.start_child_with(permanent).await.unwrap();
        let (first, _): (Pid, Vec<Pid>) = process::receive_type().await;
        tell(first, Ok(1));
        let (second, _): (Pid, Vec<Pid>) = process::receive_type().await;
        assert_eq!(supervisor.children().await, Ok(vec![second]));
    });
}

/// TSUP-07.
#[test]
fn a_child_is_terminated_by_its_pid() {
    paused(async {
        let supervisor = unlimited().await;
        let pid = supervisor.start_child(told()).await.unwrap();
        assert_eq!(supervisor.children().await, Ok(vec![pid]));
        assert_eq!(supervisor.terminate_child(pid).await, Ok(()));
        assert_eq!(supervisor.children().await, Ok(vec![]));
        assert_eq!(supervisor.terminate_child(pid).await, Err(ChildError::NotFound));
        let stranger = process::self_pid();
        assert_eq!(supervisor.terminate_child(stranger).await, Err(ChildError::NotFound));
    });
}

/// TSUP-08.
#[test]
fn the_supervisor_is_the_ancestor_and_the_asking_process_the_caller() {
    paused(async {
        let supervisor = TaskSupervisor::new().name("tasks").start_link().await.unwrap();
        let me = process::self_pid();
        let who = || async {
            (otp_core::ancestors().first().map(ToString::to_string), otp_core::callers())
        };
        let expected = (Some("tasks".to_owned()), vec![me]);
        assert_eq!(supervisor.spawn(who()).await, Ok(expected.clone()));
        assert_eq!(supervisor.spawn_nolink(who()).await, Ok(expected.clone()));
        let say = move || async move { process::send(me, who().await) };
        supervisor.start_child(say()).await.unwrap();
        assert_eq!(process::receive_type::<(Option<String>, Vec<Pid>)>().await, expected);
        supervisor.start_child_with(Task::child_spec(say)).await.unwrap();
        assert_eq!(process::receive_type::<(Option<String>, Vec<Pid>)>().await, expected);
        let inner = supervisor.clone();
        let outer = Task::spawn(async move { inner.spawn(who()).await.unwrap().1 });
        let outer_pid = outer.pid().unwrap();
        assert_eq!(outer.await, Ok(vec![outer_pid, me]));
    });
}

/// TSUP-09.
#[test]
fn a_stream_runs_under_the_supervisor() {
    paused(async {
        let supervisor = unlimited().await;
        let stream = supervisor.stream([3_u32, 1, 2], |n| async move {
            process::sleep(n * SECOND).await;
            n
        });
        let mut stream = stream.max_concurrency(3);
        assert_eq!(stream.next().await, Some(Ok(3)));
        assert_eq!(stream.collect_all().await, Ok(vec![Ok(1), Ok(2)]));
        let fails = |n: u32| async move { if n == 2 { process::exit(error("boom")) } else { n } };
        let nolink = supervisor.stream_nolink(1..=3, fails).collect_all().await;
        assert_eq!(nolink, Ok(vec![Ok(1), exited(error("boom")), Ok(3)]));
        let inner = supervisor.clone();
        let reason = end_of(async move {
            let _ = inner.stream(1..=3, fails).collect_all().await;
            std::future::pending::<()>().await;
        });
        assert_eq!(reason.await, error("boom"));
        let mut halted = supervisor.stream_nolink([0_u32, 1000], |n| async move {
            process::sleep(n * SECOND).await;
        });
        halted = halted.max_concurrency(2);
        assert_eq!(halted.next().await, Some(Ok(())));
        drop(halted);
        process::sleep(SECOND).await;
        assert_eq!(supervisor.children().await, Ok(vec![]));
        assert_eq!(links(), [supervisor.pid().unwrap()]);
    });
}

/// TSUP-10.
#[test]
fn a_full_supervisor_ends_a_stream() {
    paused(async {
        let supervisor = limited(1).await;
        for nolink in [false, true] {
            let wait = |n: u32| process::sleep(n * MINUTE);
            let items = [9_u32, 9, 9];
            let stream = match nolink {
                false => supervisor.stream(items, wait),
                true => supervisor.stream_nolink(items, wait),
            };
            let refused = stream.max_concurrency(2).collect_all().await;
            assert_eq!(refused, Err(TaskExit::NotStarted(ChildError::MaxChildren)));
            process::sleep(SECOND).await;
            assert_eq!(supervisor.children().await, Ok(vec![]));
        }
        assert!(next().await.is_none());
    });
}

/// TSUP-11.
#[test]
fn a_supervisor_that_stops_is_the_reason() {
    paused(async {
        let supervisor = unlimited().await;
        let task = supervisor.spawn_nolink(told());
        let pid = task.pid().unwrap();
        let stopping = supervisor.clone();
        Task::start(async move { stopping.stop().await });
        assert_eq!(task.await, exited(ExitReason::Shutdown));
        assert!(!process::is_alive(pid));
    });
}

/// TSUP-12.
#[test]
fn it_counts_like_a_dynamic_supervisor() {
    paused(async {
        let parent = Supervisor::one_for_one().start_link().await.unwrap();
        let spec = TaskSupervisor::new().child_spec("tasks").name("by name");
        let supervisor = parent.start_child(spec).await.unwrap();
        let _tasks = [supervisor.spawn(told()), supervisor.spawn_nolink(told())];
        let named = TaskSupervisorRef::named("by name");
        let counts = named.count_children().await.unwrap();
        assert_eq!((counts.specs, counts.active, counts.workers, counts.supervisors), (2, 2, 2, 0));
        let tree = parent.live_tree().await.to_string();
        assert_eq!(tree.lines().count(), 4, "{tree}");
        process::trap_exit(true);
        parent.stop().await.unwrap();
    });
}

/// A server that has tasks done.
struct Server {
    tasks: TaskSupervisorRef,
    owner: Pid,
}

enum Ask {
    Run(Result<u32, ExitReason>, ReplyTo<MonitorRef>),
    Forget(MonitorRef, ReplyTo<bool>),
}

impl HandleInfo<TaskDone<u32>> for Server {}

impl GenServer for Server {
    type Args = Server;
    type Request = Ask;
    type Continue = Never;
    type Client = ServerRef<Server>;

    async fn init(state: Server, _: &mut Context<Self>) -> InitResult<Self> {
        InitResult::ok(state)
    }

    async fn handle(&mut self, ask: Ask, cx: &mut Context<Self>) -> Next<Self> {
        match ask {
            Ask::Run(result, caller) => {
                let monitor = self.tasks.start_nolink(cx, async move {
                    process::sleep(SECOND).await;
                    match result {
                        Ok(value) => value,
                        Err(reason) => process::exit(reason),
                    }
                });
                Next::answer(caller, monitor)
            }
            Ask::Forget(monitor, caller) => Next::answer(caller, cx.demonitor(monitor)),
        }
    }

    async fn handle_info(&mut self, message: Message, _: &mut Context<Self>) -> Next<Self> {
        process::send(self.owner, message.downcast::<TaskDone<u32>>());
        Next::wait()
    }
}

/// What the server has heard, as monitor and result.
async fn heard() -> Option<(MonitorRef, Result<u32, ExitReason>)> {
    type Heard = Result<TaskDone<u32>, Message>;
    let heard = process::receive_timeout(Message::downcast::<Heard>, MINUTE).await?;
    let done = heard.expect("nothing else arrives");
    Some((done.monitor, done.result))
}

/// TSUP-03: the form with a message, for servers.
#[test]
fn a_server_gets_one_message_for_each_task() {
    paused(async {
        let tasks = limited(1).await;
        let state = Server { tasks: tasks.clone(), owner: process::self_pid() };
        let server = Start::<Server>::link(state).await.unwrap();
        for result in [Ok(7), Err(error("boom")), Err(ExitReason::Normal)] {
            let given = result.clone();
            let monitor = server.call(|caller| Ask::Run(given, caller)).await.unwrap();
            let refused = server.call(|caller| Ask::Run(Ok(8), caller)).await.unwrap();
            let full = Err(ExitReason::error(ChildError::MaxChildren));
            assert_eq!(heard().await, Some((refused, full)));
            assert_eq!(heard().await, Some((monitor, result)));
            assert_eq!(heard().await, None);
        }
        let monitor = server.call(|caller| Ask::Run(Ok(9), caller)).await.unwrap();
        assert!(server.call(|caller| Ask::Forget(monitor, caller)).await.unwrap());
        assert_eq!(heard().await, None); // given up
        assert_eq!(process::info(server.pid().unwrap()).unwrap().monitors, []);
        tasks.stop().await.unwrap();
        let gone = server.call(|caller| Ask::Run(Ok(1), caller)).await.unwrap();
        let no_proc = Err(ExitReason::error(ChildError::Call(CallError::NoProc)));
        assert_eq!(heard().await, Some((gone, no_proc)));
    });
}
