//! Waiting for many tasks.

use super::*;

/// A task that gives `n` after so many seconds.
fn after(n: u32) -> Task<u32> {
    Task::spawn(async move {
        process::sleep(n * SECOND).await;
        n
    })
}

/// TASK-MANY-01.
#[test]
fn results_come_in_the_order_of_the_tasks() {
    paused(async {
        let begin = Instant::now();
        let tasks = [3, 1, 2].map(after);
        assert_eq!(Task::await_many(tasks).await, Ok(vec![3, 1, 2]));
        assert_eq!(begin.elapsed(), 3 * SECOND);
        assert!(next().await.is_none());
    });
}

/// TASK-MANY-01: with many of them and on several threads, too.
#[test]
fn a_thousand_tasks_are_awaited() {
    threaded(async {
        let tasks = (0..1_000_u32).map(|n| {
            Task::spawn(async move {
                tokio::task::yield_now().await;
                n
            })
        });
        let all: Vec<u32> = (0..1_000).collect();
        assert_eq!(Task::await_many(tasks).infinity().await, Ok(all));
    });
}

/// TASK-MANY-02.
#[test]
fn the_first_failure_ends_the_wait() {
    paused(async {
        process::trap_exit(true);
        let begin = Instant::now();
        let slow = after(60);
        let pid = slow.pid().unwrap();
        let result = Task::await_many([slow, failing(error("boom")), after(1)]).await;
        assert_eq!((result, begin.elapsed()), (exited(error("boom")), Duration::ZERO));
        assert!(process::is_alive(pid)); // it runs on
    });
}

/// TASK-MANY-03.
#[test]
fn the_time_is_for_all_together() {
    paused(async {
        let begin = Instant::now();
        let late = Task::await_many([after(1), after(2), after(60)]).timeout(3 * SECOND).await;
        assert_eq!((late, begin.elapsed()), (Err(TaskExit::Timeout), 3 * SECOND));
        let begin = Instant::now();
        let late = Task::await_many([after(60).infinity()]).await;
        assert_eq!((late, begin.elapsed()), (Err(TaskExit::Timeout), 5 * SECOND));
        let mut handled = Task::completed(1);
        assert_eq!((&mut handled).await, Ok(1));
        let late = Task::await_many([handled, Task::completed(2)]).infinity().await;
        assert_eq!(late, Err(TaskExit::AlreadyAwaited));
    });
}

/// TASK-MANY-04.
#[test]
fn nothing_is_awaited_at_once() {
    paused(async {
        assert_eq!(Task::await_many(Vec::<Task<u32>>::new()).await, Ok(vec![]));
        assert!(Task::<u32>::yield_many(&mut []).await.is_empty());
    });
}

/// TASK-MANY-05.
#[test]
fn other_messages_stay_untouched() {
    paused(async {
        process::send(process::self_pid(), "first");
        assert_eq!(Task::await_many([after(1), after(2)]).await, Ok(vec![1, 2]));
        process::send(process::self_pid(), "second");
        assert_eq!(process::receive_type::<&str>().await, "first");
        assert_eq!(process::receive_type::<&str>().await, "second");
        assert!(next().await.is_none());
    });
}

/// TASK-YIELD-04.
#[test]
fn yield_many_has_an_entry_for_each_task() {
    paused(async {
        process::trap_exit(true);
        let mut tasks = vec![after(1), after(60), failing(error("boom"))];
        let results = Task::yield_many(&mut tasks).timeout(2 * SECOND).await;
        assert_eq!(results, [Some(Ok(1)), None, Some(exited(error("boom")))]);
        let results = Task::yield_many(&mut tasks).infinity().await;
        assert_eq!(results, [None, Some(Ok(60)), None]);
        assert_eq!(Task::yield_many(&mut tasks).infinity().await, [None, None, None]);
    });
}

/// TASK-YIELD-05.
#[test]
fn what_is_late_runs_on_or_is_forgotten_or_killed() {
    paused(async {
        let mut tasks = vec![after(60), after(1)];
        let pid = tasks[0].pid().unwrap();
        assert_eq!(Task::yield_many(&mut tasks).await, [None, Some(Ok(1))]);
        assert!(process::is_alive(pid) && links().contains(&pid));
        let killed = Task::yield_many(&mut tasks).timeout(SECOND).kill_on_timeout().await;
        assert_eq!((killed, process::is_alive(pid)), (vec![None, None], false));
        assert!(next().await.is_none());
        let mut tasks = vec![asked()];
        let pid = tasks[0].pid().unwrap();
        let ignored = Task::yield_many(&mut tasks).timeout(SECOND).ignore_on_timeout().await;
        assert_eq!((ignored, process::is_alive(pid)), (vec![None], true));
        process::send(pid, 1_u32);
        process::join(pid).await;
        assert_eq!(tasks[0].yield_for(SECOND).await, None); // given up
    });
}

/// TASK-YIELD-06.
#[test]
fn yield_many_may_be_content_with_less() {
    paused(async {
        let mut tasks = vec![after(2), after(1), after(3)];
        let begin = Instant::now();
        let results = Task::yield_many(&mut tasks).limit(1).infinity().await;
        assert_eq!((results, begin.elapsed()), (vec![None, Some(Ok(1)), None], SECOND));
        let results = Task::yield_many(&mut tasks).limit(5).infinity().await;
        assert_eq!(results, [Some(Ok(2)), None, Some(Ok(3))]);
    });
}
