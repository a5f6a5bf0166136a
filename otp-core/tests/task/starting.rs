//! Starting tasks: owners, links, callers, child specs.

use otp_core::{ChildSpec, Supervisor, TaskChild};

use super::*;

/// TASK-START-01.
#[test]
fn a_task_is_a_process_linked_to_its_owner() {
    paused(async {
        let me = process::self_pid();
        let task = Task::spawn(async move {
            let own = process::self_pid();
            (own, process::info(own).unwrap().links)
        });
        assert_eq!(task.owner(), Some(me));
        let pid = task.pid().unwrap();
        assert!(links().contains(&pid));
        assert_eq!(task.await, Ok((pid, vec![me])));
    });
}

/// TASK-START-02.
#[test]
fn start_is_unlinked_and_start_link_is_linked() {
    paused(async {
        let pid = Task::start(async { process::exit(error("alone")) });
        assert_eq!(process::join(pid).await, Some(error("alone")));
        let reason = end_of(async {
            Task::start_link(async { process::exit(error("together")) });
            std::future::pending::<()>().await;
        });
        assert_eq!(reason.await, error("together"));
    });
}

/// TASK-START-03.
#[test]
fn as_a_child_a_task_is_temporary() {
    fn settings<S: otp_core::Child>(spec: &ChildSpec<S>) -> String {
        format!("{spec:?}")
    }
    paused(async {
        process::trap_exit(true);
        let me = process::self_pid();
        let run = move || async move { process::send(me, otp_core::callers()) };
        let spec: ChildSpec<TaskChild<_>> = Task::child_spec(run);
        assert!(settings(&spec).contains("restart: Temporary, shutdown: After(5s)"));
        let supervisor = Supervisor::one_for_one().child(spec.name("runs once"));
        let supervisor = supervisor.start_link().await.unwrap();
        let callers: Vec<Pid> = process::receive_type().await;
        assert_eq!(callers, [supervisor.pid().unwrap()]);
        assert!(next().await.is_none());
        assert_eq!(supervisor.count_children().await.unwrap().specs, 0);
        let again = Task::child_spec(run).restart(Restart::Permanent).id("again");
        supervisor.start_child(again).await.unwrap();
        for _ in 0..4 {
            let _: Vec<Pid> = process::receive_type().await;
        }
        process::join(supervisor.pid().unwrap()).await; // too many restarts
    });
}

/// TASK-START-03: a name that is taken is an ordinary failure of a start.
#[test]
fn the_name_of_a_child_may_be_taken() {
    paused(async {
        process::register(process::self_pid(), "mine").unwrap();
        let supervisor = Supervisor::one_for_one().start_link().await.unwrap();
        let refused = supervisor.start_child(Task::child_spec(|| async {}).name("mine")).await;
        let holder = otp_core::StartError::AlreadyStarted(process::self_pid());
        assert_eq!(refused, Err(ChildError::Start(holder)));
        supervisor.stop().await.unwrap();
    });
}

/// TASK-START-04.
#[test]
fn callers_are_the_starter_and_then_its_own() {
    paused(async {
        let me = process::self_pid();
        let outer = Task::spawn(async move {
            let own = process::self_pid();
            let inner = Task::spawn(async { otp_core::callers() });
            assert_eq!(inner.await, Ok(vec![own, me]));
            let pid = Task::start(async move { process::send(me, otp_core::callers()) });
            process::join(pid).await;
            (own, otp_core::callers())
        });
        let outer_pid = outer.pid().unwrap();
        assert_eq!(outer.await, Ok((outer_pid, vec![me])));
        let callers: Vec<Pid> = process::receive_type().await;
        assert_eq!(callers, [outer_pid, me]);
    });
}

/// TASK-START-05.
#[test]
fn a_completed_task_has_no_process() {
    paused(async {
        let before = process::list().len();
        let mut task = Task::completed(7);
        assert_eq!((task.pid(), process::list().len()), (None, before));
        assert_eq!((&mut task).await, Ok(7));
        assert_eq!(task.await, Err(TaskExit::Timeout));
        assert_eq!(Task::completed(8).yield_for(Duration::ZERO).await, Some(Ok(8)));
        assert_eq!(Task::completed(9).shutdown(SECOND).await, Some(Ok(9)));
        assert_eq!(Task::completed(10).ignore(), Some(Ok(10)));
    });
}

/// TASK-OWNER-01.
#[test]
fn an_owner_that_fails_ends_its_task() {
    paused(async {
        let me = process::self_pid();
        let reason = end_of(async move {
            let task = asked();
            process::send(me, task.pid().unwrap());
            process::exit(error("owner"));
        });
        assert_eq!(reason.await, error("owner"));
        let task: Pid = process::receive_type().await;
        assert_eq!(process::join(task).await.unwrap_or(error("owner")), error("owner"));
        assert!(!process::is_alive(task));
    });
}

/// TASK-OWNER-02.
#[test]
fn an_owner_that_ends_normally_does_not_end_its_task() {
    paused(async {
        let me = process::self_pid();
        let reason = end_of(async move {
            let task = Task::spawn(async move {
                let () = process::receive_type().await;
                process::send(me, "done");
            });
            process::send(me, task.pid().unwrap());
        });
        assert!(reason.await.is_normal());
        let task: Pid = process::receive_type().await;
        assert!(process::is_alive(task));
        process::send(task, ());
        assert_eq!(process::receive_type::<&str>().await, "done");
        process::join(task).await;
    });
}

/// In a plain tokio task there is nobody to link to, and nobody else to keep away.
#[test]
fn a_plain_task_may_start_and_await() {
    paused(async {
        let outside = tokio::spawn(async {
            let task = Task::spawn(async { otp_core::callers().len() });
            assert_eq!(task.owner(), None);
            let alone = Task::start_link(async { process::exit(error("nobody minds")) });
            assert!(!process::join(alone).await.unwrap_or(error("gone")).is_crash());
            task
        });
        assert_eq!(outside.await.unwrap().await, Ok(0));
        let failed = tokio::spawn(async { failing(error("no")).await });
        assert_eq!(failed.await.unwrap(), exited(error("no")));
    });
}

#[test]
fn blocking_work_does_not_stall_the_runtime() {
    paused(async {
        let (go, wait) = std::sync::mpsc::channel::<u32>();
        let task = Task::blocking(move || (wait.recv().unwrap(), process::self_pid()));
        let pid = task.pid();
        // The thread is blocked, and everything else goes on.
        assert_eq!(Task::spawn(async { 1 }).await, Ok(1));
        go.send(7).unwrap();
        assert_eq!(task.await, Ok((7, pid.unwrap())));
    });
}

#[test]
fn blocking_work_fails_like_a_process() {
    paused(async {
        process::trap_exit(true);
        let panics: Task<()> = Task::blocking(|| panic!("on its thread"));
        let pid = panics.pid().unwrap();
        let Err(TaskExit::Exited(ExitReason::Crash(crash))) = panics.await else {
            panic!("it must crash");
        };
        assert_eq!(crash.message(), "on its thread");
        assert_eq!(next_exit().await, Some((pid, ExitReason::Crash(crash))));
        let exits: Task<()> = Task::blocking(|| process::exit(error("own reason")));
        assert_eq!(exits.await, exited(error("own reason")));
    });
}

/// Blocking work cannot be interrupted, but its task can be ended.
#[test]
fn blocking_work_that_is_killed_runs_on_unheard() {
    paused(async {
        let (begun, begins) = tokio::sync::oneshot::channel();
        let (ended, ends) = tokio::sync::oneshot::channel();
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let mut task = Task::blocking(move || {
            begun.send(()).unwrap();
            wait.recv().unwrap();
            ended.send(()).unwrap();
        });
        begins.await.unwrap();
        assert_eq!(task.shutdown(Shutdown::BrutalKill).await, None);
        assert!(!process::is_alive(task.pid().unwrap()));
        go.send(()).unwrap();
        ends.await.unwrap();
    });
}

/// What a program's body has started is forgotten when it has ended, and only then.
#[test]
fn many_short_tasks_of_the_body_are_forgotten() {
    paused(async {
        let keep: Vec<Task<u32>> = (0..70).map(|_| asked()).collect();
        for n in 0..2_000_u32 {
            assert_eq!(Task::spawn(async move { n }).await, Ok(n));
        }
        assert_eq!(links().len(), 70);
        drop(keep); // they are stopped with the test
    });
}
