//! Awaiting and yielding: results, reasons, time-outs, owners.

use super::*;

/// TASK-AWAIT-01.
#[test]
fn await_gives_the_result_and_leaves_nothing() {
    paused(async {
        let task = Task::spawn(async { 42 });
        assert_eq!(task.await, Ok(42));
        assert!(next().await.is_none());
        assert!(links().is_empty());
    });
}

/// TASK-AWAIT-02.
#[test]
fn a_task_is_awaited_once() {
    paused(async {
        let mut task = Task::spawn(async { 42 });
        assert_eq!((&mut task).await, Ok(42));
        let begin = Instant::now();
        assert_eq!((&mut task).await, Err(TaskExit::Timeout));
        assert_eq!(begin.elapsed(), 5 * SECOND);
        assert_eq!(task.infinity().await, Err(TaskExit::AlreadyAwaited)); // it would wait for ever
    });
}

/// TASK-AWAIT-03: in Rust the exit is an error.
#[test]
fn await_waits_five_seconds_or_as_told() {
    paused(async {
        for (task, waits) in [
            (asked(), 5 * SECOND),
            (asked().timeout(SECOND), SECOND),
            (asked().timeout(Instant::now() + MINUTE), MINUTE - 6 * SECOND),
            (asked().timeout(Duration::ZERO), Duration::ZERO),
        ] {
            let begin = Instant::now();
            assert_eq!(task.await, Err(TaskExit::Timeout));
            assert_eq!(begin.elapsed(), waits);
        }
        let task = asked().infinity();
        process::send_after(task.pid().unwrap(), 1_u32, 60 * MINUTE);
        assert_eq!(task.await, Ok(1));
    });
}

/// TASK-AWAIT-04.
#[test]
fn after_a_time_out_the_task_runs_on_and_its_result_vanishes() {
    paused(async {
        let mut task = asked().timeout(SECOND);
        let pid = task.pid().unwrap();
        assert_eq!((&mut task).await, Err(TaskExit::Timeout));
        assert!(process::is_alive(pid) && links().contains(&pid));
        process::send(pid, 1_u32);
        process::join(pid).await;
        assert!(next().await.is_none());
        assert_eq!(task.await, Err(TaskExit::Timeout));
    });
}

/// TASK-AWAIT-05.
#[test]
fn an_end_without_a_result_is_the_reason() {
    paused(async {
        assert_eq!(failing(ExitReason::Normal).await, exited(ExitReason::Normal));
        let outside = tokio::spawn(async { failing(error("no")).await });
        assert_eq!(outside.await.unwrap(), exited(error("no")));
        let killed = asked();
        process::unlink(killed.pid().unwrap());
        process::send_exit(killed.pid().unwrap(), ExitReason::Kill);
        assert_eq!(killed.await, exited(ExitReason::Killed));
    });
}

/// TASK-AWAIT-06.
#[test]
fn a_failing_task_ends_an_owner_that_does_not_trap() {
    threaded(async {
        for awaits in [true, false] {
            let reason = end_of(async move {
                let task = failing(error("boom"));
                if awaits {
                    let _ = task.await;
                }
                std::future::pending::<()>().await;
            });
            assert_eq!(reason.await, error("boom"));
        }
    });
}

/// TASK-AWAIT-07.
#[test]
fn a_trapping_owner_gets_the_reason_and_the_message() {
    threaded(async {
        process::trap_exit(true);
        for reason in [error("boom"), ExitReason::Normal] {
            let task = failing(reason.clone());
            let pid = task.pid().unwrap();
            assert_eq!(task.await, exited(reason.clone()));
            // It is there already: whoever hears of an end is the last to hear of it.
            let exit = process::receive_timeout(Message::downcast::<Exit>, Duration::ZERO).await;
            assert_eq!(exit.map(|exit| (exit.from, exit.reason)), Some((pid, reason)));
        }
    });
}

/// TASK-AWAIT-08, TASK-AWAIT-09.
#[test]
fn only_the_owner_may_use_a_task() {
    paused(async {
        let me = process::self_pid();
        let not_yours = TaskExit::NotOwner { owner: me };
        let (task, ignored, yielded) = (asked(), asked(), asked());
        let many = vec![asked()];
        let other = Task::spawn(async move {
            let (mut task, mut yielded, mut many) = (task, yielded, many);
            assert_eq!((&mut task).await, Err(not_yours.clone()));
            assert_eq!(task.yield_for(Duration::ZERO).await, Some(Err(not_yours.clone())));
            assert_eq!(task.shutdown(SECOND).await, Some(Err(not_yours.clone())));
            assert_eq!(ignored.ignore(), Some(Err(not_yours.clone())));
            assert_eq!(yielded.yield_for(SECOND).await, Some(Err(not_yours.clone())));
            let yielded = Task::yield_many(&mut many).await;
            assert_eq!(yielded, [Some(Err(not_yours.clone()))]);
            assert_eq!(Task::await_many(many).await, Err(not_yours));
            task
        });
        let task = other.await.unwrap(); // back where it belongs, and as good as before
        process::send(task.pid().unwrap(), 5_u32);
        assert_eq!(task.await, Ok(5));
    });
}

/// TASK-AWAIT-10.
#[test]
fn a_missing_result_can_end_the_owner() {
    paused(async {
        assert_eq!(Task::completed(1).or_exit().await, 1);
        let reason = end_of(async {
            process::trap_exit(true);
            failing(error("boom")).or_exit().await;
        });
        let expected = TaskExit::Exited(error("boom"));
        assert_eq!(reason.await, ExitReason::error(expected.clone()));
        assert_eq!(expected.to_string(), "the task ended without a result: boom");
        let reason = end_of(async {
            process::trap_exit(true);
            failing(ExitReason::Shutdown).or_exit().await;
        });
        assert!(reason.await.is_normal()); // a shutdown goes on as one
        let reason = end_of(async {
            asked().timeout(SECOND).or_exit().await;
        });
        assert_eq!(reason.await, ExitReason::error(TaskExit::Timeout));
    });
}

/// TASK-AWAIT-11.
#[test]
fn ignore_gives_what_is_there_and_no_more() {
    paused(async {
        let done = Task::spawn(async { 1 });
        process::join(done.pid().unwrap()).await;
        assert_eq!(done.ignore(), Some(Ok(1)));
        let late = asked();
        let pid = late.pid().unwrap();
        assert_eq!(late.ignore(), None);
        assert!(process::is_alive(pid) && links().contains(&pid));
        process::send(pid, 2_u32);
        process::join(pid).await;
        assert!(next().await.is_none());
        process::trap_exit(true);
        let failed = failing(error("late"));
        let pid = failed.pid().unwrap();
        assert_eq!(failed.ignore(), None);
        assert_eq!(next_exit().await, Some((pid, error("late")))); // by the link only
        assert!(next().await.is_none());
    });
}

/// TASK-YIELD-01, TASK-YIELD-03.
#[test]
fn yield_may_be_repeated_until_there_is_a_result() {
    paused(async {
        let mut task = asked();
        for limit in [Limit::After(Duration::ZERO), SECOND.into(), Limit::At(Instant::now())] {
            assert_eq!(task.yield_for(limit).await, None);
        }
        process::send(task.pid().unwrap(), 1_u32);
        assert_eq!(task.yield_for(Limit::Infinity).await, Some(Ok(1)));
        assert_eq!(task.yield_for(Limit::Infinity).await, None); // consumed
        assert_eq!(failing(ExitReason::Normal).yield_for(SECOND).await, {
            Some(exited(ExitReason::Normal))
        });
    });
}

/// TASK-YIELD-02.
#[test]
fn a_result_beats_the_end() {
    threaded(async {
        for _ in 0..200 {
            let mut task = Task::spawn(async { 1 });
            process::join(task.pid().unwrap()).await; // both are there
            assert_eq!(task.yield_for(Duration::ZERO).await, Some(Ok(1)));
            let mut task = Task::spawn(async { 1 });
            assert_eq!(task.yield_for(MINUTE).await, Some(Ok(1)));
        }
        assert!(process::receive_timeout(Ok, Duration::ZERO).await.is_none());
    });
}

/// Waiting may be given up and taken up again.
#[test]
fn a_wait_is_cancel_safe() {
    paused(async {
        let mut task = asked();
        for _ in 0..3 {
            assert!(tokio::time::timeout(SECOND, &mut task).await.is_err());
        }
        process::send(task.pid().unwrap(), 7_u32);
        assert_eq!(task.await, Ok(7));
    });
}

/// A task that is dropped runs on, linked as before.
#[test]
fn a_dropped_task_runs_on() {
    paused(async {
        let task = asked();
        let pid = task.pid().unwrap();
        drop(task);
        process::sleep(SECOND).await;
        assert!(process::is_alive(pid) && links().contains(&pid));
        process::send(pid, 1_u32);
        process::join(pid).await;
    });
}
