//! Starting and ending: `PROC-SPAWN` and `PROC-EXIT`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use otp_core::process::{self, SpawnOptions, dict};
use otp_core::{Exit, ExitReason, Pid, Target};

use crate::support::{paused, threaded};
use crate::{down, error, idle, nothing_waits};

/// PROC-SPAWN-01
#[test]
fn spawn_returns_at_once_and_makes_neither_link_nor_monitor() {
    paused(async {
        let runs = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&runs);
        let pid = process::spawn(async move {
            seen.fetch_add(1, Ordering::Relaxed);
            process::exit(error("alone"));
        });
        assert_eq!(runs.load(Ordering::Relaxed), 0); // it has not run yet
        let info = process::info(pid).unwrap();
        assert_eq!((info.links, info.monitored_by), (Vec::new(), Vec::new()));
        process::join(pid).await;
        assert_eq!(runs.load(Ordering::Relaxed), 1);
        assert!(nothing_waits().await);
    });
}

/// PROC-SPAWN-02, PROC-SPAWN-03
#[test]
fn a_child_that_ends_at_once_tells_its_real_reason() {
    threaded(async {
        process::trap_exit(true);
        for _ in 0..500 {
            let child = process::spawn_link(async { process::exit(error("quick")) });
            let exit: Exit = process::receive_type().await;
            assert_eq!((exit.from, exit.reason), (child, error("quick")));
            let (child, monitor) = process::spawn_monitor(async { process::exit(error("quick")) });
            let seen = down().await;
            assert_eq!((seen.monitor, seen.target), (monitor, Target::Pid(child)));
            assert_eq!(seen.reason, error("quick"));
        }
        process::trap_exit(false);
    });
}

/// PROC-SPAWN-04, PROC-SPAWN-05
#[test]
fn a_process_starts_with_nothing_of_its_parent() {
    paused(async {
        let me = process::self_pid();
        process::trap_exit(true);
        process::register(me, "parent").unwrap();
        process::set_label("parent");
        dict::put("key", 1_u32);
        process::send(me, "waiting");
        process::spawn(async move {
            let info = process::info(process::self_pid()).unwrap();
            assert_eq!((info.message_queue_len, info.trap_exit), (0, false));
            assert_eq!((info.name, info.label, info.parent), (None, None, Some(me)));
            assert_eq!(dict::get::<u32, _>(&"key"), None);
            assert_eq!(otp_core::callers(), []);
            process::send(me, 1_u32);
        });
        assert_eq!(process::receive_type::<u32>().await, 1);
        SpawnOptions::new().inherit_callers().spawn(async move {
            let first = otp_core::callers();
            SpawnOptions::new().inherit_callers().spawn(async move {
                process::send(me, (first, otp_core::callers()));
            });
        });
        let (first, second) = process::receive_type::<(Vec<Pid>, Vec<Pid>)>().await;
        assert_eq!(first, [me]); // asked for, it is inherited
        assert_eq!((second.len(), second[1]), (2, me));
        assert_eq!(process::receive_type::<&str>().await, "waiting");
        process::trap_exit(false);
    });
}

/// PROC-SPAWN-06, PROC-INFO-04
#[test]
fn a_process_is_started_with_options_that_mean_something() {
    paused(async {
        let me = process::self_pid();
        let options = SpawnOptions::new().name("worker").label("page 7").link();
        let pid = options.clone().spawn(std::future::pending::<()>());
        let info = process::info(pid).unwrap();
        assert_eq!((info.name, info.label), (Some("worker".into()), Some("page 7".to_owned())));
        assert_eq!(info.links, [me]);
        let again = options.try_spawn(async {});
        assert_eq!(again, Err(otp_core::RegisterError::Taken(pid)));
        process::unlink(pid);
        process::send_exit(pid, ExitReason::Kill);
        process::spawn(async move {
            process::set_label("by itself");
            process::send(me, process::info(process::self_pid()).unwrap().label);
        });
        let label: Option<String> = process::receive_type().await;
        assert_eq!(label.as_deref(), Some("by itself"));
    });
}

/// PROC-EXIT-08
#[test]
fn a_trapping_process_that_signals_itself_gets_a_message() {
    paused(async {
        let me = process::self_pid();
        process::trap_exit(true);
        for reason in [ExitReason::Normal, error("ouch")] {
            process::send_exit(me, reason.clone());
            let exit: Exit = process::receive_type().await;
            assert_eq!((exit.from, exit.reason), (me, reason));
        }
        process::trap_exit(false);
    });
}

/// PROC-EXIT-09
#[test]
fn nothing_around_the_call_can_keep_a_process_that_ends_itself() {
    paused(async {
        process::spawn_monitor(async {
            let caught = std::panic::catch_unwind(|| {
                process::send_exit(process::self_pid(), error("by signal"));
            });
            assert!(caught.is_err());
            std::future::ready(()).await;
            process::exit(error("went on"));
        });
        assert_eq!(down().await.reason, error("by signal"));
    });
}

/// PROC-EXIT-13
#[test]
fn killed_travels_over_links_as_an_ordinary_reason() {
    paused(async {
        process::trap_exit(true);
        let victim = process::spawn_link(std::future::pending::<()>());
        let (plain, _) = process::spawn_monitor(async move {
            process::link(victim).unwrap();
            std::future::pending::<()>().await;
        });
        while process::info(victim).unwrap().links.len() < 2 {
            tokio::task::yield_now().await;
        }
        process::send_exit(victim, ExitReason::Kill);
        let exit: Exit = process::receive_type().await;
        assert_eq!((exit.from, exit.reason), (victim, ExitReason::Killed));
        let seen = down().await;
        assert_eq!((seen.pid, seen.reason), (Some(plain), ExitReason::Killed));
        process::trap_exit(false);
    });
}

/// PROC-EXIT-14
#[test]
fn a_process_that_ends_itself_with_kill_is_not_killed() {
    paused(async {
        process::trap_exit(true);
        let child = process::spawn_link(async { process::exit(ExitReason::Kill) });
        let exit: Exit = process::receive_type().await;
        assert_eq!((exit.from, exit.reason), (child, ExitReason::Kill)); // and it can be trapped
        process::trap_exit(false);
    });
}

/// PROC-EXIT-16, PROC-MSG-11
#[test]
fn what_is_sent_after_an_exit_signal_is_never_seen() {
    threaded(async {
        let me = process::self_pid();
        for _ in 0..500 {
            let (pid, _) = process::spawn_monitor(async move {
                loop {
                    let number: u32 = process::receive_type().await;
                    process::send(me, number);
                }
            });
            process::send(pid, 1_u32);
            process::send_exit(pid, error("stop now"));
            process::send(pid, 2_u32);
            assert_eq!(down().await.reason, error("stop now"));
            let seen = process::receive_timeout(|it| it.downcast::<u32>(), Duration::ZERO).await;
            assert_ne!(seen, Some(2));
        }
        while process::receive_timeout(Ok, Duration::ZERO).await.is_some() {}
    });
}

/// Says in its destructor that it is gone.
struct Owned(Arc<AtomicU32>);

impl Drop for Owned {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// PROC-EXIT-17: destructors run however a process ends, before anybody hears of it.
#[test]
fn what_a_process_owns_is_dropped_before_its_end_is_known() {
    paused(async {
        let dropped = Arc::new(AtomicU32::new(0));
        let owned = || Owned(Arc::clone(&dropped));
        for (expected, how) in [(1, ExitReason::Kill), (2, error("boom"))] {
            let owned = owned();
            let (pid, _) = process::spawn_monitor(async move {
                let _owned = owned;
                std::future::pending::<()>().await;
            });
            process::send_exit(pid, how);
            down().await;
            assert_eq!(dropped.load(Ordering::Relaxed), expected);
        }
        for (expected, panics) in [(3, false), (4, true)] {
            let owned = owned();
            process::spawn_monitor(async move {
                let _owned = owned;
                assert!(!panics, "on purpose");
                process::exit(error("by itself"));
            });
            down().await;
            assert_eq!(dropped.load(Ordering::Relaxed), expected);
        }
    });
}

/// PROC-EXIT-17, PROC-DICT-01: the dictionary is dropped as the process, with what else it owns.
#[test]
fn the_dictionary_ends_with_its_process() {
    #[derive(Clone)]
    struct Tells(Pid);
    impl Drop for Tells {
        fn drop(&mut self) {
            process::send(self.0, process::current());
        }
    }
    paused(async {
        let me = process::self_pid();
        let (pid, _) = process::spawn_monitor(async move {
            dict::put("key", Tells(me));
            process::exit(error("by itself"));
        });
        assert_eq!(process::receive_type::<Option<Pid>>().await, Some(pid));
        assert_eq!(down().await.pid, Some(pid));
        assert!(nothing_waits().await);
    });
}

/// PROC-EXIT-18
#[test]
fn a_process_that_never_receives_is_killed_at_its_next_await() {
    paused(async {
        let turns = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&turns);
        let (pid, _) = process::spawn_monitor(async move {
            loop {
                counted.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        });
        while turns.load(Ordering::Relaxed) < 3 {
            tokio::task::yield_now().await;
        }
        process::send_exit(pid, ExitReason::Kill);
        let at_most = turns.load(Ordering::Relaxed);
        assert_eq!(down().await.reason, ExitReason::Killed);
        assert_eq!(turns.load(Ordering::Relaxed), at_most);
    });
}

/// PROC-EXIT-19, PROC-EXIT-20
#[test]
fn a_reason_of_any_size_passes_unchanged() {
    #[derive(Clone, Debug, PartialEq)]
    struct Large(Vec<u64>);
    paused(async {
        process::trap_exit(true);
        let large = Large((0..100_000).collect());
        let reason = ExitReason::error(large.clone());
        assert_eq!(reason.clone(), reason);
        let sent = reason.clone();
        let child = process::spawn_link(async move { process::exit(sent) });
        process::monitor(child);
        let exit: Exit = process::receive_type().await;
        for reason in [exit.reason, down().await.reason] {
            let ExitReason::Error(term) = reason else { panic!("another reason") };
            assert_eq!(term.downcast_ref::<Large>(), Some(&large));
        }
        process::trap_exit(false);
    });
}

/// PROC-EXIT-21
#[test]
fn trapping_affects_what_arrives_later_also_over_older_links() {
    paused(async {
        assert!(!process::trap_exit(false));
        let child = process::spawn_link(std::future::pending::<()>());
        assert!(!process::trap_exit(true));
        process::send_exit(child, error("boom"));
        let exit: Exit = process::receive_type().await;
        assert_eq!(exit.reason, error("boom"));
        assert!(process::trap_exit(false));

        let other = idle();
        let (pid, _) = process::spawn_monitor(async move {
            process::trap_exit(true);
            process::link(other).unwrap();
            process::trap_exit(false);
            std::future::pending::<()>().await;
        });
        while process::info(other).unwrap().links.is_empty() {
            tokio::task::yield_now().await;
        }
        process::send_exit(other, error("bang"));
        let seen = down().await;
        assert_eq!((seen.pid, seen.reason), (Some(pid), error("bang")));
    });
}
