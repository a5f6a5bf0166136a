//! Links and monitors: `PROC-LINK` and `PROC-MON`.

use std::time::Duration;

use otp_core::process;
use otp_core::{CallError, Exit, ExitReason, Message, Tagged, Target};

use crate::support::{Plan, Request, Told, paused, threaded, told};
use crate::{SECOND, down, error, idle, nothing_waits};

/// PROC-LINK-03
#[test]
fn a_normal_end_is_a_message_for_a_trapping_process() {
    paused(async {
        process::trap_exit(true);
        let child = process::spawn_link(async {});
        let exit: Exit = process::receive_type().await;
        assert_eq!((exit.from, exit.reason), (child, ExitReason::Normal));
        process::trap_exit(false);
    });
}

/// PROC-LINK-06
#[test]
fn a_link_can_be_removed_from_either_end() {
    paused(async {
        process::trap_exit(true);
        let me = process::self_pid();
        let child = process::spawn_link(async move {
            process::unlink(me);
            process::exit(error("unseen"));
        });
        process::join(child).await;
        process::unlink(child); // nothing is left to remove
        process::unlink(me);
        assert!(nothing_waits().await);
        process::trap_exit(false);
    });
}

/// PROC-LINK-08
#[test]
fn unlink_leaves_an_exit_that_has_arrived() {
    paused(async {
        process::trap_exit(true);
        let child = process::spawn_link(async { process::exit(error("boom")) });
        process::join(child).await;
        process::unlink(child);
        let exit = process::receive_timeout(Message::downcast::<Exit>, Duration::ZERO).await;
        assert_eq!(exit.map(|exit| exit.from), Some(child));
        assert!(nothing_waits().await);
        process::trap_exit(false);
    });
}

/// PROC-LINK-13
#[test]
fn every_link_is_told_once() {
    paused(async {
        let me = process::self_pid();
        let center = idle();
        for number in 0..50_u32 {
            process::spawn(async move {
                process::trap_exit(true);
                process::link(center).unwrap();
                process::send(me, "linked");
                let exit: Exit = process::receive_type().await;
                // It was told before the process left the table, which is closed by now.
                process::send(me, (number, exit.from, process::is_alive(center)));
                assert!(nothing_waits().await);
                process::send(me, "told");
            });
            assert_eq!(process::receive_type::<&str>().await, "linked");
        }
        process::send_exit(center, error("boom"));
        let mut seen = Vec::new();
        for _ in 0..50 {
            let (number, from, alive) = process::receive_type::<(u32, _, _)>().await;
            assert_eq!((from, alive), (center, false));
            seen.push(number);
            assert_eq!(process::receive_type::<&str>().await, "told");
        }
        seen.sort_unstable();
        assert_eq!(seen, (0..50).collect::<Vec<_>>());
    });
}

/// PROC-LINK-14
#[test]
fn two_linked_processes_that_crash_together_keep_their_own_reasons() {
    threaded(async {
        for _ in 0..500 {
            let me = process::self_pid();
            let (first, _) = process::spawn_monitor(async move {
                process::send(me, "up");
                let _: u8 = process::receive_type().await;
                process::exit(error("first"));
            });
            let (second, _) = process::spawn_monitor(async move {
                process::link(first).unwrap();
                process::send(me, "up");
                let _: u8 = process::receive_type().await;
                process::exit(error("second"));
            });
            for _ in 0..2 {
                process::receive_type::<&str>().await;
            }
            process::send(first, 0_u8);
            process::send(second, 0_u8);
            let reasons = [down().await, down().await];
            let of = |pid| reasons.iter().find(|it| it.pid == Some(pid)).unwrap().reason.clone();
            // Each ends by its own reason, or by the other's when that came first; never by both.
            let pair = (of(first), of(second));
            let own = pair == (error("first"), error("second"));
            let spread = pair.0 == pair.1 && [error("first"), error("second")].contains(&pair.0);
            assert!(own || spread, "{pair:?}");
            assert!(nothing_waits().await);
        }
    });
}

/// PROC-MON-02
#[test]
fn a_monitor_of_a_dead_process_fires_at_once() {
    paused(async {
        let dead = process::spawn(async { process::exit(error("boom")) });
        process::join(dead).await;
        let monitor = process::monitor(dead);
        let seen =
            process::receive_timeout(Message::downcast::<otp_core::Down>, Duration::ZERO).await;
        let seen = seen.unwrap();
        assert_eq!((seen.monitor, seen.target), (monitor, Target::Pid(dead)));
        assert_eq!(seen.reason, ExitReason::NoProc);
    });
}

/// PROC-MON-04
#[test]
fn the_end_of_a_watcher_does_not_touch_its_target() {
    paused(async {
        let target = idle();
        let (watcher, _) = process::spawn_monitor(async move {
            process::monitor(target);
            process::exit(error("boom"));
        });
        assert_eq!(down().await.pid, Some(watcher));
        assert!(process::is_alive(target));
        process::send_exit(target, ExitReason::Kill);
    });
}

/// PROC-MON-06, PROC-MON-07, PROC-MON-08
#[test]
fn demonitor_leaves_a_down_that_has_arrived_and_flush_removes_it() {
    paused(async {
        let pid = idle();
        let (first, second) = (process::monitor(pid), process::monitor(pid));
        process::send_exit(pid, error("boom"));
        process::join(pid).await;
        process::send(process::self_pid(), "between");
        assert!(!process::demonitor(first));
        assert!(!process::demonitor_flush(second));
        assert_eq!(down().await.monitor, first);
        assert_eq!(process::receive_type::<&str>().await, "between");
        assert!(nothing_waits().await);
        assert!(!process::demonitor(first) && !process::demonitor_flush(first));
    });
}

/// PROC-MON-09
#[test]
fn a_monitor_of_another_process_is_left_alone() {
    paused(async {
        let me = process::self_pid();
        let target = idle();
        let monitor = process::monitor(target);
        process::spawn(async move {
            process::send(me, (process::demonitor(monitor), process::demonitor_flush(monitor)));
        });
        assert_eq!(process::receive_type::<(bool, bool)>().await, (false, false));
        process::send_exit(target, ExitReason::Kill);
        assert_eq!(down().await.monitor, monitor); // it still fires
    });
}

#[derive(Debug, PartialEq)]
struct Worker(u32);

/// PROC-MON-17
#[test]
fn a_monitor_can_carry_a_tag_of_any_type() {
    paused(async {
        let pid = idle();
        let tagged = process::monitor_tagged(pid, Worker(7));
        let removed = process::monitor_tagged(pid, Worker(8));
        let plain = process::monitor(pid);
        assert!(process::demonitor(removed));
        process::send_exit(pid, error("boom"));
        let seen: Tagged<Worker> = process::receive_type().await;
        assert_eq!((seen.tag, seen.down.monitor), (Worker(7), tagged));
        assert_eq!((seen.down.pid, seen.down.reason), (Some(pid), error("boom")));
        assert_eq!(down().await.monitor, plain);
        assert!(nothing_waits().await);

        let late = process::monitor_tagged("nobody", Worker(9));
        assert!(!process::demonitor_flush(late)); // it looks for a `Down`
        assert!(!process::demonitor_flush_tagged::<Worker>(late));
        assert!(nothing_waits().await);
    });
}

/// PROC-MON-07 in a server: no handler sees the `Down` after the flush, also when the server has
/// taken it out of its mailbox already.
#[test]
fn a_server_can_flush_a_down() {
    paused(async {
        let server = Plan::new("server").start().await;
        for behind in [false, true] {
            let target = idle();
            assert_eq!(server.call(|reply| Request::Watch(target, reply)).await, Ok(()));
            let busy = server.clone();
            let busy = process::spawn(async move {
                busy.call(|reply| Request::Sleep(SECOND, reply)).await.unwrap();
            });
            let me = process::self_pid();
            let flush = server.clone();
            let flush = move || {
                process::spawn(async move {
                    let flushed = flush.call(Request::Flush).await;
                    process::send(me, flushed);
                })
            };
            tokio::task::yield_now().await;
            if behind {
                // The request is in front of the `Down`, and the server takes both at once.
                flush();
                while process::info(server.pid().unwrap()).unwrap().message_queue_len < 1 {
                    tokio::task::yield_now().await;
                }
                process::send_exit(target, ExitReason::Kill);
                process::join(target).await;
                assert_eq!(process::info(server.pid().unwrap()).unwrap().message_queue_len, 2);
            } else {
                process::join(busy).await;
                process::send_exit(target, ExitReason::Normal); // it lives
                flush();
            }
            let flushed: Result<bool, CallError> = process::receive_type().await;
            assert_eq!(flushed, Ok(!behind));
            assert_eq!(server.call(Request::Ping).await, Ok("pong"));
            process::send_exit(target, ExitReason::Kill);
        }
        assert_eq!(told().await, [Told::Init("server")]); // it tells of every `Down` it handles
        server.stop().await.unwrap();
    });
}
