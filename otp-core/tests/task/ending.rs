//! Shutting tasks down: the matrix of results, and what is left behind.

use super::*;

/// TASK-SHUT-01.
#[test]
fn shutdown_asks_waits_and_kills() {
    paused(async {
        let mut polite = Task::spawn(async {
            process::trap_exit(true);
            let exit: Exit = process::receive_type().await;
            process::sleep(SECOND).await;
            exit.reason
        });
        process::sleep(SECOND).await; // it traps by now
        let begin = Instant::now();
        assert_eq!(polite.shutdown(5 * SECOND).await, Some(Ok(ExitReason::Shutdown)));
        assert_eq!(begin.elapsed(), SECOND);
        let mut stubborn = deaf();
        process::sleep(SECOND).await;
        let begin = Instant::now();
        assert_eq!(stubborn.shutdown(SECOND).await, Some(exited(ExitReason::Killed)));
        assert_eq!(begin.elapsed(), SECOND);
        let mut stubborn = deaf();
        process::sleep(SECOND).await;
        let begin = Instant::now();
        assert_eq!(stubborn.shutdown(Shutdown::BrutalKill).await, None);
        assert_eq!(begin.elapsed(), Duration::ZERO);
    });
}

/// TASK-SHUT-02.
#[test]
fn a_result_that_is_there_counts() {
    paused(async {
        for how in [Shutdown::After(SECOND), Shutdown::Infinity, Shutdown::BrutalKill] {
            let mut task = Task::spawn(async { 1 });
            process::join(task.pid().unwrap()).await;
            assert_eq!(task.shutdown(how).await, Some(Ok(1)));
            assert_eq!(task.shutdown(how).await, Some(exited(ExitReason::NoProc)));
        }
    });
}

/// TASK-SHUT-03.
#[test]
fn a_running_task_has_no_result() {
    paused(async {
        for how in [Shutdown::After(SECOND), Shutdown::Infinity, Shutdown::BrutalKill] {
            let mut task = asked();
            assert_eq!(task.shutdown(how).await, None);
            assert!(!process::is_alive(task.pid().unwrap()));
        }
    });
}

/// TASK-SHUT-04.
#[test]
fn any_other_reason_is_told() {
    paused(async {
        process::trap_exit(true);
        let mut own = Task::<u32>::spawn(async {
            process::trap_exit(true);
            let _: Exit = process::receive_type().await;
            process::exit(error("own reason"))
        });
        process::sleep(SECOND).await;
        assert_eq!(own.shutdown(SECOND).await, Some(exited(error("own reason"))));
        let mut crashed = failing(error("boom"));
        let pid = crashed.pid().unwrap();
        assert_eq!(next_exit().await, Some((pid, error("boom"))));
        assert_eq!(crashed.shutdown(SECOND).await, Some(exited(error("boom"))));
        let mut ended = failing(ExitReason::Normal);
        process::join(ended.pid().unwrap()).await;
        assert_eq!(ended.shutdown(SECOND).await, Some(exited(ExitReason::Normal)));
    });
}

/// TASK-SHUT-05.
#[test]
fn a_shutdown_is_not_a_kill_nor_the_other_way_round() {
    paused(async {
        process::trap_exit(true);
        let end = |reason: ExitReason| async move {
            let task = asked();
            process::send_exit(task.pid().unwrap(), reason);
            process::join(task.pid().unwrap()).await;
            task
        };
        let mut shut = end(ExitReason::Shutdown).await;
        let result = shut.shutdown(Shutdown::BrutalKill).await;
        assert_eq!(result, Some(exited(ExitReason::Shutdown)));
        assert_eq!(end(ExitReason::Shutdown).await.shutdown(SECOND).await, None);
        let mut killed = end(ExitReason::Kill).await;
        assert_eq!(killed.shutdown(SECOND).await, Some(exited(ExitReason::Killed)));
        assert_eq!(end(ExitReason::Kill).await.shutdown(Shutdown::BrutalKill).await, None);
    });
}

/// TASK-SHUT-06.
#[test]
fn a_shutdown_harms_nobody_and_leaves_nothing() {
    paused(async {
        for how in [Shutdown::After(SECOND), Shutdown::BrutalKill] {
            let reason = end_of(async move {
                assert_eq!(asked().shutdown(how).await, None);
                assert!(next().await.is_none());
                assert!(links().is_empty());
            });
            assert!(reason.await.is_normal());
        }
        process::trap_exit(true);
        assert_eq!(asked().shutdown(SECOND).await, None);
        assert!(next().await.is_none());
        let mut crashed = failing(error("boom"));
        let pid = crashed.pid().unwrap();
        process::join(pid).await;
        assert_eq!(crashed.shutdown(SECOND).await, Some(exited(error("boom"))));
        assert_eq!(next_exit().await, Some((pid, error("boom")))); // it was there before
    });
}

/// TASK-SHUT-07.
#[test]
fn a_task_that_was_handled_is_no_process() {
    paused(async {
        let mut task = Task::spawn(async { 1 });
        assert_eq!((&mut task).await, Ok(1));
        process::join(task.pid().unwrap()).await;
        assert_eq!(task.shutdown(SECOND).await, Some(exited(ExitReason::NoProc)));
        // One that was given up, but runs, is ended all the same.
        let mut given_up = asked().timeout(SECOND);
        assert_eq!((&mut given_up).await, Err(TaskExit::Timeout));
        assert_eq!(given_up.shutdown(SECOND).await, None);
        assert!(!process::is_alive(given_up.pid().unwrap()));
    });
}

/// A shutdown that nobody waits for any more has still told the task.
#[test]
fn a_shutdown_that_is_dropped_has_told_the_task() {
    paused(async {
        let mut task = asked();
        let pid = task.pid().unwrap();
        let mut shutdown = Box::pin(task.shutdown(SECOND));
        assert!(futures_poll_once(shutdown.as_mut()).await.is_none());
        drop(shutdown);
        process::join(pid).await;
        assert!(!process::is_alive(pid));
    });
}

/// Polls once, without waiting.
async fn futures_poll_once<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
    std::future::poll_fn(|task| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut future).poll(task) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}
