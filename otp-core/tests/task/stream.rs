//! Streams of tasks.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// How many at a time: now, and at most.
#[derive(Clone, Default)]
struct Gauge(Arc<(AtomicUsize, AtomicUsize)>);

impl Gauge {
    fn enter(&self) {
        let now = self.0.0.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.1.fetch_max(now, Ordering::SeqCst);
    }

    fn leave(&self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }

    fn now(&self) -> usize {
        self.0.0.load(Ordering::SeqCst)
    }

    fn most(&self) -> usize {
        self.0.1.load(Ordering::SeqCst)
    }
}

/// Leaves the gauge whenever its task ends.
struct Inside(Gauge);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Inside {
    fn enter(gauge: &Gauge) -> Inside {
        gauge.enter();
        Inside(gauge.clone())
    }
}

async fn seconds(n: u32) -> u32 {
    process::sleep(n * SECOND).await;
    n
}

/// Counts what is taken from an iterator.
fn counted(items: Vec<u32>) -> (impl Iterator<Item = u32>, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let items = items.into_iter().inspect(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
    });
    (items, taken)
}

/// TASK-STRM-01.
#[test]
fn a_limited_number_of_tasks_runs_at_a_time() {
    paused(async {
        for most in [1, 2, 5] {
            let gauge = Gauge::default();
            let inner = gauge.clone();
            let stream = Task::stream(0..20_u32, move |n| {
                let inside = Inside::enter(&inner);
                async move {
                    process::sleep(SECOND).await;
                    drop(inside);
                    n
                }
            });
            let all = stream.max_concurrency(most).collect_all().await.unwrap();
            assert_eq!(all, (0..20).map(Ok).collect::<Vec<_>>());
            assert_eq!((gauge.most(), gauge.now()), (most, 0));
        }
        let empty = Task::stream(Vec::<u32>::new(), seconds).collect_all().await;
        assert_eq!(empty, Ok(vec![]));
    });
}

/// TASK-STRM-01: as many as there are processors, if nothing else is said.
#[test]
fn by_default_there_is_a_task_for_each_processor() {
    paused(async {
        let gauge = Gauge::default();
        let inner = gauge.clone();
        let stream = Task::stream(0..200, move |_| {
            let inside = Inside::enter(&inner);
            async move {
                process::sleep(SECOND).await;
                drop(inside);
            }
        });
        stream.collect_all().await.unwrap();
        assert_eq!(gauge.most(), std::thread::available_parallelism().unwrap().get());
    });
}

/// TASK-STRM-02.
#[test]
fn results_come_in_order_or_as_they_are_done() {
    paused(async {
        let ordered = Task::stream([3, 1, 2], seconds).max_concurrency(3);
        assert_eq!(ordered.collect_all().await, Ok(vec![Ok(3), Ok(1), Ok(2)]));
        let free = Task::stream([3, 1, 2], seconds).max_concurrency(3).ordered(false);
        assert_eq!(free.collect_all().await, Ok(vec![Ok(1), Ok(2), Ok(3)]));
    });
}

/// TASK-STRM-03.
#[test]
fn a_slow_head_does_not_hold_up_the_others() {
    paused(async {
        let (items, taken) = counted(vec![100, 1, 1, 1, 1, 1, 1]);
        let mut stream = Task::stream(items, seconds).max_concurrency(2).timeout(Limit::Infinity);
        let begin = Instant::now();
        assert_eq!(stream.next().await, Some(Ok(100)));
        assert_eq!((taken.load(Ordering::SeqCst), begin.elapsed()), (7, 100 * SECOND));
        for _ in 0..6 {
            assert_eq!(stream.next().await, Some(Ok(1)));
        }
        assert_eq!((stream.next().await, begin.elapsed()), (None, 100 * SECOND));
    });
}

/// TASK-STRM-04.
#[test]
fn elements_are_taken_when_there_is_a_place() {
    paused(async {
        let (items, taken) = counted(vec![0; 10]);
        let mut stream = Task::stream(items, seconds).max_concurrency(2);
        assert_eq!(taken.load(Ordering::SeqCst), 0);
        assert_eq!(stream.next().await, Some(Ok(0)));
        assert_eq!(taken.load(Ordering::SeqCst), 2);
        assert_eq!(stream.next().await, Some(Ok(0)));
        assert!(taken.load(Ordering::SeqCst) <= 4);
        let mut endless = Task::stream(0_u32.., |n| async move { n }).max_concurrency(1);
        for n in 0..100 {
            assert_eq!(endless.next().await, Some(Ok(n)));
        }
    });
}

/// TASK-STRM-05.
#[test]
fn a_late_task_ends_the_stream() {
    paused(async {
        let begin = Instant::now();
        let late = Task::stream([1, 100], seconds).max_concurrency(2).collect_all().await;
        assert_eq!((late, begin.elapsed()), (Err(TaskExit::Timeout), 5 * SECOND));
        let mut stream = Task::stream([1, 100, 2], seconds).max_concurrency(1).timeout(2 * SECOND);
        let begin = Instant::now();
        assert_eq!(stream.next().await, Some(Ok(1)));
        assert_eq!(stream.next().await, Some(Err(TaskExit::Timeout)));
        assert_eq!((stream.next().await, begin.elapsed()), (None, 3 * SECOND));
        assert!(links().is_empty() && next().await.is_none());
    });
}

/// TASK-STRM-06.
#[test]
fn a_late_task_may_be_killed_alone() {
    paused(async {
        let gauge = Gauge::default();
        let inner = gauge.clone();
        let stream = Task::stream([1, 100, 2, 3], move |n| {
            let inside = Inside::enter(&inner);
            async move {
                let n = seconds(n).await;
                drop(inside);
                n
            }
        });
        let stream = stream.max_concurrency(2).timeout(4 * SECOND).kill_on_timeout();
        let begin = Instant::now();
        let all = stream.collect_all().await;
        assert_eq!(all, Ok(vec![Ok(1), Err(TaskExit::Timeout), Ok(2), Ok(3)]));
        assert_eq!((begin.elapsed(), gauge.now(), gauge.most()), (6 * SECOND, 0, 2));
        assert!(links().is_empty() && next().await.is_none());
    });
}

/// TASK-STRM-07.
#[test]
fn a_failing_task_ends_a_consumer_that_does_not_trap() {
    threaded(async {
        for ordered in [true, false] {
            let reason = end_of(async move {
                let stream = Task::stream(1..=3, |n| async move {
                    if n == 2 {
                        process::exit(error("boom"));
                    }
                });
                let _ = stream.ordered(ordered).collect_all().await;
                std::future::pending::<()>().await;
            });
            assert_eq!(reason.await, error("boom"));
        }
        process::trap_exit(true);
        let stream = Task::stream(1..=3, |n| async move {
            if n == 2 { process::exit(error("boom")) } else { n }
        });
        let all = stream.collect_all().await;
        assert_eq!(all, Ok(vec![Ok(1), exited(error("boom")), Ok(3)]));
        let panics = Task::stream([1], |n: u32| {
            assert!(n > 1, "too small");
            async move { n }
        });
        let Some(Err(TaskExit::Exited(ExitReason::Crash(_)))) =
            panics.collect_all().await.unwrap().pop()
        else {
            panic!("the function runs inside the task");
        };
        assert!(process::receive_timeout(Ok, Duration::ZERO).await.is_none());
    });
}

/// TASK-STRM-08.
#[test]
fn the_input_of_a_failed_task_is_given_back() {
    paused(async {
        process::trap_exit(true);
        let stream = Task::stream(["a", "late", "fails"], |text| async move {
            match text {
                "late" => seconds(100).await,
                "fails" => process::exit(error("boom")),
                _ => 1,
            }
        });
        let stream = stream.max_concurrency(3).kill_on_timeout().zip_input_on_exit();
        let failed = ("fails", TaskExit::Exited(error("boom")));
        let all = stream.collect_all().await;
        assert_eq!(all, Ok(vec![Ok(1), Err(("late", TaskExit::Timeout)), Err(failed)]));
        let fatal = Task::stream([100], seconds).zip_input_on_exit().collect_all().await;
        assert_eq!(fatal, Err((100, TaskExit::Timeout)));
    });
}

/// TASK-STRM-09, TASK-STRM-15.
#[test]
fn a_consumer_that_stops_leaves_nothing() {
    paused(async {
        for traps in [false, true] {
            process::trap_exit(traps);
            let gauge = Gauge::default();
            let stream = |gauge: Gauge| {
                let stream = Task::stream([0, 1000, 1000], move |n| {
                    let inside = Inside::enter(&gauge);
                    async move {
                        seconds(n).await;
                        drop(inside);
                    }
                });
                stream.max_concurrency(3).timeout(Limit::Infinity)
            };
            let mut dropped = stream(gauge.clone());
            assert_eq!(dropped.next().await, Some(Ok(())));
            assert_eq!((gauge.now(), links().len()), (2, if traps { 0 } else { 2 }));
            drop(dropped);
            assert!(links().is_empty());
            assert!(next().await.is_none());
            assert_eq!(gauge.now(), 0);
            for (reason, sent) in
                [(ExitReason::Killed, ExitReason::Kill), (error("fails"), error("fails"))]
            {
                let mut consumed = stream(gauge.clone());
                let (pid, monitor) =
                    process::spawn_monitor(async move { while consumed.next().await.is_some() {} });
                process::sleep(SECOND).await;
                assert_eq!(gauge.now(), 2);
                process::send_exit(pid, sent);
                let down: Down = process::receive_type().await;
                assert_eq!((down.monitor, down.reason), (monitor, reason));
                process::sleep(SECOND).await;
                assert_eq!(gauge.now(), 0);
            }
        }
    });
}

/// TASK-STRM-10.
#[test]
fn no_task_at_a_time_is_refused() {
    let failed = failure(|| drop(Task::stream([1], seconds).max_concurrency(0)));
    assert_eq!(failed, "`max_concurrency` must be at least 1");
}

/// TASK-STRM-11.
#[test]
fn streams_may_be_zipped_and_nested() {
    paused(async {
        let make = || Task::stream(1..=3, |n: u32| async move { n });
        for _ in 0..2 {
            let (mut left, mut right) = (make(), make());
            let mut pairs = Vec::new();
            while let (Some(a), Some(b)) = (left.next().await, right.next().await) {
                pairs.push((a.unwrap(), b.unwrap()));
            }
            assert_eq!(pairs, [(1, 1), (2, 2), (3, 3)]);
        }
        let nested = Task::stream(1..=2, |n: u32| async move {
            Task::stream(1..=n, seconds).collect_all().await.unwrap().len()
        });
        assert_eq!(nested.collect_all().await, Ok(vec![Ok(1), Ok(2)]));
    });
}

/// TASK-STRM-12.
#[test]
fn the_source_is_dropped_when_it_is_over() {
    /// An iterator that tells of its end.
    struct Source(u32, Pid);
    impl Iterator for Source {
        type Item = u32;
        fn next(&mut self) -> Option<u32> {
            self.0 = self.0.checked_sub(1)?;
            Some(0)
        }
    }
    impl Drop for Source {
        fn drop(&mut self) {
            process::send(self.1, "over");
        }
    }
    paused(async {
        let me = process::self_pid();
        let mut all = Task::stream(Source(2, me), seconds);
        while all.next().await.is_some() {}
        assert_eq!(process::receive_type::<&str>().await, "over"); // the stream still lives
        drop(all);
        let mut halted = Task::stream(Source(9, me), seconds).max_concurrency(1);
        assert_eq!(halted.next().await, Some(Ok(0)));
        drop(halted);
        assert_eq!(process::receive_type::<&str>().await, "over");
        assert!(next().await.is_none());
    });
}

/// TASK-STRM-13.
#[test]
fn the_consumer_is_the_first_caller() {
    paused(async {
        let me = process::self_pid();
        let mut stream = Task::stream([(), ()], |()| async { otp_core::callers() });
        assert_eq!(stream.next().await, Some(Ok(vec![me])));
        let other = Task::stream([()], |()| async { otp_core::callers() });
        let task = Task::spawn(async move {
            (process::self_pid(), other.collect_all().await.unwrap().remove(0).unwrap())
        });
        let (pid, callers) = task.await.unwrap();
        assert_eq!(callers, [pid, me]);
        let moved = Task::spawn(async move { stream.next().await });
        assert!(moved.await.unwrap().is_some_and(|it| it.is_ok())); // begun here, ended there
    });
}

/// TASK-STRM-14.
#[test]
fn forged_messages_do_not_confuse_it() {
    paused(async {
        let gone = process::spawn(async {});
        process::join(gone).await;
        let monitor = process::monitor(gone); // a real `Down`, of somebody else
        let all = Task::stream([1, 2], seconds).max_concurrency(2).collect_all().await;
        assert_eq!(all, Ok(vec![Ok(1), Ok(2)]));
        let down: Down = process::receive_type().await;
        assert_eq!(down.monitor, monitor);
    });
}

/// TASK-STRM-15: it is a `Stream` for the libraries that know them.
#[test]
fn it_is_a_stream() {
    async fn next<S: futures_core::Stream + Unpin>(stream: &mut S) -> bool {
        let item = std::future::poll_fn(|task| Pin::new(&mut *stream).poll_next(task));
        item.await.is_some()
    }
    paused(async {
        let mut stream = Task::stream([1], seconds);
        assert!(next(&mut stream).await);
        assert!(!next(&mut stream).await);
    });
}

/// Very many elements over few places, on several threads.
#[test]
fn a_long_stream_loses_nothing() {
    threaded(async {
        let stream = Task::stream(0..5_000_u64, |n| async move {
            tokio::task::yield_now().await;
            n
        });
        let all = stream.max_concurrency(16).timeout(Limit::Infinity).collect_all().await.unwrap();
        assert_eq!(all.into_iter().map(Result::unwrap).sum::<u64>(), 5_000 * 4_999 / 2);
        assert!(links().is_empty());
    });
}
