//! Processes: links, monitors, exit signals, names, receive, timers.

#[path = "process/alias.rs"]
mod alias;
#[path = "process/ending.rs"]
mod ending;
#[path = "process/mailbox.rs"]
mod mailbox;
#[path = "process/own.rs"]
mod own;
#[path = "process/starting.rs"]
mod starting;
mod support;
#[path = "process/timers.rs"]
mod timers;
#[path = "process/watching.rs"]
mod watching;

use std::time::Duration;

use otp_core::process::{self, SpawnOptions};
use otp_core::{Down, Exit, ExitReason, Message, NoProc, Pid, RegisterError, Target};
use support::{failure, paused, threaded};

const SECOND: Duration = Duration::from_secs(1);

fn error(text: &'static str) -> ExitReason {
    ExitReason::error(text)
}

/// A process that waits until it is ended, outside the test's leak check.
fn idle() -> Pid {
    SpawnOptions::new().spawn(std::future::pending::<()>())
}

async fn down() -> Down {
    process::receive_type().await
}

async fn nothing_waits() -> bool {
    process::receive_timeout(Ok::<Message, Message>, Duration::ZERO).await.is_none()
}

/// PROC-EXIT-01, PROC-INFO-01
#[test]
fn a_process_ends_with_normal_when_its_body_returns() {
    paused(async {
        let (pid, monitor) = process::spawn_monitor(async { "any value" });
        let down = down().await;
        assert_eq!((down.pid, down.monitor), (Some(pid), monitor));
        assert_eq!((down.target, down.reason), (Target::Pid(pid), ExitReason::Normal));
        assert!(!process::is_alive(pid));
        assert_eq!(process::info(pid), None);
    });
}

/// PROC-EXIT-03, PROC-EXIT-04
#[test]
fn a_panic_becomes_a_reason_with_message_and_place() {
    paused(async {
        process::spawn_monitor(async { panic!("oops {}", 1) });
        let ExitReason::Crash(crash) = down().await.reason else { panic!("no crash") };
        assert_eq!(crash.message(), "oops 1");
        assert!(crash.location().unwrap().contains("process.rs"));
    });
}

/// PROC-EXIT-02, PROC-EXIT-07
#[test]
fn exit_ends_a_process_with_exactly_that_reason() {
    paused(async {
        process::spawn_monitor(async { process::exit(error("bye")) });
        assert_eq!(down().await.reason, error("bye"));
        process::spawn_monitor(async {
            process::send_exit(process::self_pid(), error("by signal"));
            unreachable!("the process is gone");
        });
        assert_eq!(down().await.reason, error("by signal"));
        process::spawn_monitor(async {
            process::send_exit(process::self_pid(), ExitReason::Normal);
            unreachable!("the process is gone");
        });
        assert_eq!(down().await.reason, ExitReason::Normal);
    });
}

/// PROC-EXIT-05, PROC-EXIT-06, PROC-EXIT-10, PROC-EXIT-11, PROC-EXIT-12, PROC-EXIT-15
#[test]
fn exit_signals_follow_the_table_of_otp() {
    paused(async {
        let plain = idle();
        process::monitor(plain);
        process::send_exit(plain, ExitReason::Normal);
        assert!(process::is_alive(plain)); // normal from another process is ignored
        process::send_exit(plain, error("boom"));
        assert!(!process::is_alive(plain)); // ordered: what comes next sees it ended
        assert_eq!(down().await.reason, error("boom"));

        let me = process::self_pid();
        let trapping = process::spawn(async move {
            process::trap_exit(true);
            process::send(me, "ready");
            loop {
                let exit: Exit = process::receive_type().await;
                process::send(me, exit);
            }
        });
        process::monitor(trapping);
        assert_eq!(process::receive_type::<&str>().await, "ready");
        for reason in [ExitReason::Normal, error("boom"), ExitReason::Killed] {
            process::send_exit(trapping, reason.clone());
            let exit: Exit = process::receive_type().await;
            assert_eq!((exit.from, exit.reason), (me, reason));
        }
        process::send_exit(trapping, ExitReason::Kill);
        assert_eq!(down().await.reason, ExitReason::Killed);
        process::send_exit(trapping, ExitReason::Kill); // a dead pid: nothing happens
    });
}

/// PROC-LINK-01, PROC-LINK-02
#[test]
fn a_link_takes_the_other_end_down_unless_the_end_is_normal() {
    paused(async {
        let (outer, _) = process::spawn_monitor(async {
            process::spawn_link(async { process::exit(error("inner")) });
            std::future::pending::<()>().await;
        });
        let seen = down().await;
        assert_eq!((seen.pid, seen.reason), (Some(outer), error("inner")));

        let (outer, _) = process::spawn_monitor(async {
            let inner = process::spawn_link(async {});
            process::join(inner).await;
            process::sleep(SECOND).await;
            process::exit(error("by itself"));
        });
        let seen = down().await;
        assert_eq!((seen.pid, seen.reason), (Some(outer), error("by itself")));
    });
}

/// PROC-LINK-15, PROC-MON-14
#[test]
fn a_trapping_process_gets_the_exit_as_a_message_in_order() {
    paused(async {
        process::trap_exit(true);
        let me = process::self_pid();
        let child = process::spawn_link(async move {
            process::send(me, "before the end");
            process::exit(error("boom"));
        });
        assert_eq!(process::receive().await.downcast::<&str>().unwrap(), "before the end");
        let exit: Exit = process::receive_type().await;
        assert_eq!((exit.from, exit.reason), (child, error("boom")));
        assert!(nothing_waits().await);
        process::trap_exit(false);
    });
}

/// PROC-LINK-04
#[test]
fn links_propagate_until_a_trapping_process() {
    paused(async {
        process::trap_exit(true);
        let first = process::spawn_link(async {
            process::spawn_link(async {
                process::spawn_link(async { process::exit(error("deep")) });
                std::future::pending::<()>().await;
            });
            std::future::pending::<()>().await;
        });
        let exit: Exit = process::receive_type().await;
        assert_eq!((exit.from, exit.reason), (first, error("deep")));
        process::trap_exit(false);
    });
}

/// PROC-LINK-09, PROC-LINK-10, PROC-LINK-11
#[test]
fn linking_the_dead_is_an_error_or_a_message() {
    paused(async {
        let dead = process::spawn(async {});
        process::join(dead).await;
        assert_eq!(process::link(dead), Err(NoProc));
        process::trap_exit(true);
        assert_eq!(process::link(dead), Ok(()));
        let exit: Exit = process::receive_type().await;
        assert_eq!((exit.from, exit.reason), (dead, ExitReason::NoProc));
        assert_eq!(process::link(process::self_pid()), Ok(()));
        process::trap_exit(false);
    });
}

/// PROC-LINK-05, PROC-LINK-07
#[test]
fn after_unlink_no_exit_arrives() {
    paused(async {
        process::trap_exit(true);
        let child = process::spawn_link(std::future::pending::<()>());
        process::link(child).unwrap(); // twice is once
        process::unlink(child);
        process::unlink(child);
        process::send_exit(child, error("boom"));
        process::join(child).await;
        assert!(nothing_waits().await);
        process::trap_exit(false);
    });
}

/// PROC-MON-01, PROC-MON-03, PROC-MON-05, PROC-MON-16
#[test]
fn each_monitor_fires_once_and_demonitor_stops_it() {
    paused(async {
        let pid = idle();
        let (first, second, third) =
            (process::monitor(pid), process::monitor(pid), process::monitor(pid));
        assert!(process::demonitor(second));
        assert!(!process::demonitor(second));
        process::send_exit(pid, ExitReason::Kill);
        let mut seen = [down().await.monitor, down().await.monitor];
        seen.sort();
        assert_eq!(seen, [first, third]);
        assert!(nothing_waits().await);

        let late = process::monitor(pid);
        assert!(!process::demonitor(late)); // has fired at once
        assert!(!process::demonitor_flush(late));
        assert!(nothing_waits().await);
        let own = process::monitor(process::self_pid());
        assert!(nothing_waits().await);
        assert!(!process::demonitor(own)); // nothing was watched
    });
}

/// PROC-MON-10, PROC-MON-11, PROC-MON-12
#[test]
fn a_monitor_by_name_follows_the_process_and_names_the_name() {
    paused(async {
        let pid = idle();
        process::register(pid, "held").unwrap();
        let monitor = process::monitor("held");
        process::unregister("held").unwrap();
        let other = idle();
        process::register(other, "held").unwrap();
        process::send_exit(pid, error("boom"));
        let seen = down().await;
        assert_eq!((seen.monitor, seen.target), (monitor, Target::Name("held".into())));
        assert_eq!((seen.pid, seen.reason), (Some(pid), error("boom")));

        process::monitor("nobody");
        let seen = down().await;
        assert_eq!((seen.target, seen.pid), (Target::Name("nobody".into()), None));
        assert_eq!(seen.reason, ExitReason::NoProc);
        process::send_exit(other, ExitReason::Kill);
    });
}

/// PROC-MON-15
#[test]
fn a_watcher_that_dies_leaves_no_monitor_behind() {
    paused(async {
        let target = idle();
        let watcher = process::spawn(async move {
            process::monitor(target);
            std::future::pending::<()>().await;
        });
        while process::info(target).unwrap().monitored_by.is_empty() {
            tokio::task::yield_now().await;
        }
        process::send_exit(watcher, ExitReason::Kill);
        process::join(watcher).await;
        assert!(process::info(target).unwrap().monitored_by.is_empty());
        process::send_exit(target, ExitReason::Kill);
    });
}

/// PROC-NAME-01, PROC-NAME-02, PROC-NAME-03, PROC-NAME-04, PROC-NAME-05, PROC-MON-13, PROC-MSG-03
#[test]
fn names_are_held_by_one_and_free_before_the_end_is_known() {
    paused(async {
        let (first, second) = (idle(), idle());
        process::register(first, "name").unwrap();
        assert_eq!(process::register(second, "name"), Err(RegisterError::Taken(first)));
        assert_eq!(process::register(first, "other"), Err(RegisterError::HasName));
        assert_eq!(process::whereis("name"), Some(first));
        process::send(otp_core::Name::from("name"), "dropped by the idle process");
        process::monitor(first);
        process::send_exit(first, ExitReason::Kill);
        down().await;
        assert_eq!(process::whereis("name"), None);
        assert_eq!(process::register(first, "name"), Err(RegisterError::NoProc));
        process::register(second, "name").unwrap();
        process::unregister("name").unwrap();
        assert_eq!(process::unregister("name"), Err(NoProc));
        assert_eq!(process::send_named("name", ()), Err(NoProc));
        process::send_exit(second, ExitReason::Kill);
    });
}

/// PROC-MSG-04
#[test]
fn a_name_is_free_before_the_first_watcher_of_many_is_told() {
    threaded(async {
        for _ in 0..20 {
            let holder = idle();
            process::register(holder, "held").unwrap();
            // While one thread still tells the others, this one acts on the first message.
            for _ in 0..500 {
                process::monitor(holder);
            }
            process::send_exit(holder, ExitReason::Kill);
            down().await;
            assert_eq!(process::whereis("held"), None);
            for _ in 1..500 {
                down().await;
            }
        }
    });
}

#[test]
fn selective_receive_keeps_the_order_of_what_it_passes() {
    paused(async {
        let me = process::self_pid();
        for number in 1..=4_u32 {
            process::send(me, number);
        }
        process::send(me, "text");
        let mut tested = 0;
        let text = process::receive_where(|message| {
            tested += 1;
            message.downcast::<&str>()
        })
        .await;
        assert_eq!((text, tested), ("text", 5));
        let even = process::receive_where(|message| match message.downcast::<u32>() {
            Ok(number) if number % 2 == 0 => Ok(number),
            Ok(number) => Err(Message::new(number)),
            Err(message) => Err(message),
        });
        assert_eq!(even.await, 2);
        assert_eq!(process::info(me).unwrap().message_queue_len, 3);
        for number in [1, 3, 4] {
            assert_eq!(process::receive_type::<u32>().await, number);
        }
        assert!(nothing_waits().await);
    });
}

/// PROC-MSG-06, PROC-MSG-07
#[test]
fn a_receive_that_times_out_or_is_dropped_leaves_the_mailbox_alone() {
    paused(async {
        let me = process::self_pid();
        process::send(me, 1_u32);
        let start = tokio::time::Instant::now();
        let timer = process::send_after(me, 2_u32, SECOND / 2);
        let none = process::receive_timeout(Message::downcast::<&str>, SECOND).await;
        assert_eq!((none, start.elapsed()), (None, SECOND)); // not restarted by what came
        assert_eq!(timer.read(), None);
        assert_eq!(process::receive_type::<u32>().await, 1);
        assert_eq!(process::receive_type::<u32>().await, 2);
    });
}

/// PROC-TIME-01, PROC-TIME-02, PROC-TIME-08
#[test]
fn timers_fire_once_and_tell_what_is_left() {
    paused(async {
        let me = process::self_pid();
        let slow = process::send_after(me, "slow", SECOND * 3);
        let fast = process::send_after(me, "fast", SECOND);
        assert_eq!(slow.read(), Some(SECOND * 3));
        assert_eq!(process::receive_type::<&str>().await, "fast");
        assert_eq!((fast.cancel(), fast.read()), (None, None));
        assert_eq!(slow.cancel(), Some(SECOND * 2));
        assert_eq!(slow.cancel(), None);
        let ticks = process::send_interval(me, "tick", SECOND);
        for _ in 0..3 {
            assert_eq!(process::receive_type::<&str>().await, "tick");
        }
        ticks.cancel();
        process::sleep(SECOND * 5).await;
        assert!(nothing_waits().await);
    });
}

#[test]
fn two_runtimes_do_not_see_each_other() {
    let (sent, pid) = std::sync::mpsc::channel();
    let other = std::thread::spawn(move || {
        paused(async move {
            process::register(process::self_pid(), "same name").unwrap();
            sent.send(process::self_pid()).unwrap();
            assert_eq!(process::receive_type::<&str>().await, "across");
        });
    });
    paused(async move {
        let pid = pid.recv().unwrap();
        assert_eq!(process::whereis("same name"), None);
        assert!(!process::list().contains(&pid));
        process::send(pid, "across"); // a pid is good in the whole program
    });
    other.join().unwrap();
}

/// PROC-LINK-12
#[test]
fn links_and_exits_race_without_losing_a_signal() {
    threaded(async {
        process::trap_exit(true);
        for _ in 0..2_000 {
            let victim = idle();
            let killer = process::spawn(async move { process::send_exit(victim, error("raced")) });
            let linked = process::link(victim);
            assert_eq!(linked, Ok(()));
            let exit: Exit = process::receive_type().await;
            assert_eq!(exit.from, victim);
            assert!(exit.reason == error("raced") || exit.reason == ExitReason::NoProc);
            process::join(killer).await;
        }
        assert!(nothing_waits().await);
        process::trap_exit(false);
    });
}

/// PROC-MON-01, PROC-MON-02
#[test]
fn monitors_and_ends_race_without_losing_a_down() {
    threaded(async {
        for _ in 0..2_000 {
            let target = process::spawn(async {});
            let monitor = process::monitor(target);
            let down = down().await;
            assert_eq!(down.monitor, monitor);
            assert!(down.reason == ExitReason::Normal || down.reason == ExitReason::NoProc);
        }
        assert!(nothing_waits().await);
    });
}

#[test]
fn a_test_that_leaves_a_process_behind_fails_and_names_it() {
    let text = failure(|| {
        paused(async {
            SpawnOptions::new().name("forgotten").spawn(std::future::pending::<()>());
        });
    });
    assert!(text.contains("left processes behind") && text.contains("forgotten"), "{text}");
    paused(async {
        SpawnOptions::new().daemon().spawn(std::future::pending::<()>());
    });
}

#[test]
fn a_linked_crash_fails_the_test_with_its_reason() {
    let text = failure(|| {
        paused(async {
            process::spawn_link(async { process::exit(error("the culprit")) });
            std::future::pending::<()>().await;
        });
    });
    assert!(text.contains("the culprit"), "{text}");
}

#[test]
fn a_test_that_takes_too_long_is_ended_with_a_list_of_processes() {
    let text = failure(|| {
        let options = otp_core::private::TestOptions::new("stuck").timeout(SECOND / 100);
        otp_core::private::run_test(options, async {
            SpawnOptions::new().name("waiting").link().spawn(std::future::pending::<()>());
            std::future::pending::<()>().await;
        });
    });
    assert!(text.contains("did not finish") && text.contains("waiting"), "{text}");
}
