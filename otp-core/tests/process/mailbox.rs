//! Messages and mailboxes: `PROC-MSG`.

use std::time::Duration;

use otp_core::process::{self, SpawnOptions};
use otp_core::{Exit, ExitReason, Message, NoProc, Pid};

use crate::support::{Plan, Request, paused, threaded};
use crate::{SECOND, down, nothing_waits};

/// PROC-MSG-01
#[test]
fn the_messages_of_one_sender_keep_their_order() {
    threaded(async {
        let me = process::self_pid();
        for sender in 0..4_u32 {
            process::spawn(async move {
                for number in 0..2_000_u32 {
                    process::send(me, (sender, number));
                }
            });
        }
        let mut next = [0; 4];
        for _ in 0..8_000 {
            let (sender, number) = process::receive_type::<(u32, u32)>().await;
            assert_eq!(number, next[sender as usize]);
            next[sender as usize] += 1;
        }
    });
}

/// PROC-MSG-02, PROC-MSG-03
#[test]
fn a_dead_pid_is_silent_and_an_unknown_name_an_error() {
    paused(async {
        let dead = process::spawn(async {});
        process::join(dead).await;
        process::send(dead, "silence");
        assert_eq!(process::send_named("nobody", "x"), Err(NoProc));
        process::send("nobody", "silence");
        let me = process::self_pid();
        process::register(me, "me").unwrap();
        process::send_named("me", 1_u32).unwrap();
        process::send("me", 2_u32);
        assert_eq!(process::receive_type::<u32>().await, 1);
        assert_eq!(process::receive_type::<u32>().await, 2);
    });
}

/// PROC-MSG-05
#[test]
fn a_time_out_of_zero_looks_at_every_message() {
    paused(async {
        let me = process::self_pid();
        for number in 1..=1_000_u32 {
            process::send(me, number);
        }
        let mut tested = 0;
        let mut last = |message: Message| {
            tested += 1;
            if message.downcast_ref() == Some(&1_000_u32) { Ok(()) } else { Err(message) }
        };
        let start = process::now();
        assert_eq!(process::receive_timeout(&mut last, Duration::ZERO).await, Some(()));
        assert_eq!(process::receive_timeout(&mut last, Duration::ZERO).await, None);
        assert_eq!((tested, process::now()), (1_999, start));
        assert_eq!(process::info(me).unwrap().message_queue_len, 999);
        for number in 1..1_000_u32 {
            assert_eq!(process::receive_type::<u32>().await, number);
        }
    });
}

/// PROC-MSG-04, PROC-INFO-02: what a waiting receive has looked at still counts as waiting.
#[test]
fn a_queue_keeps_its_length_while_its_process_waits() {
    paused(async {
        let pid = process::spawn(async { process::receive_type::<Pid>().await });
        for number in 0..5_u32 {
            process::send(pid, number);
        }
        while process::info(pid).unwrap().status != process::Status::Waiting {
            tokio::task::yield_now().await;
        }
        process::send(pid, "one more");
        tokio::task::yield_now().await;
        assert_eq!(process::info(pid).unwrap().message_queue_len, 6);
        process::send(pid, pid);
        process::join(pid).await;
    });
}

/// PROC-MSG-08: a call that waits is woken by nothing but its answer, and looks at no message.
#[test]
fn the_cost_of_a_call_does_not_depend_on_the_mailbox() {
    let turns_with = |waiting: u32, coming: u32| {
        let mut turns = 0;
        paused(async {
            let server = Plan::new("server").start().await;
            while process::receive_timeout(Ok, Duration::ZERO).await.is_some() {}
            let me = process::self_pid();
            for number in 0..waiting {
                process::send(me, number);
            }
            process::spawn(async move {
                for number in 0..coming {
                    process::send(me, number);
                    tokio::task::yield_now().await;
                }
            });
            let before = process::info(me).unwrap().polls;
            let call = server.call(|reply| Request::Sleep(SECOND, reply));
            assert_eq!(call.await, Ok("slept"));
            turns = process::info(me).unwrap().polls - before;
            assert_eq!(process::info(me).unwrap().message_queue_len, (waiting + coming) as usize);
            while process::receive_timeout(Ok, Duration::ZERO).await.is_some() {}
            server.stop().await.unwrap();
        });
        turns
    };
    let alone = turns_with(0, 0);
    assert!(alone < 10, "{alone}");
    assert_eq!(turns_with(10_000, 0), alone);
    assert_eq!(turns_with(10_000, 1_000), alone);
}

/// PROC-MSG-09
#[test]
fn signals_arrive_as_messages_of_their_own_types() {
    paused(async {
        process::trap_exit(true);
        let child = process::spawn_link(async {});
        process::monitor(child);
        process::join(child).await;
        process::send(process::self_pid(), 1_u32);
        process::monitor(child);
        assert_eq!(process::receive_type::<u32>().await, 1);
        down().await;
        assert_eq!(process::receive_type::<Exit>().await.from, child);
        down().await;
        process::trap_exit(false);
    });
}

/// PROC-MSG-10
#[test]
fn a_mailbox_has_no_limit_and_sending_never_waits() {
    paused(async {
        let me = process::self_pid();
        for number in 0..100_000_u32 {
            process::send(me, number); // not async: there is nothing it could wait for
        }
        assert_eq!(process::info(me).unwrap().message_queue_len, 100_000);
        while process::receive_timeout(Ok, Duration::ZERO).await.is_some() {}
    });
}

/// PROC-MSG-13
#[test]
fn a_limit_on_the_mailbox_kills_and_is_off_by_default() {
    paused(async {
        let me = process::self_pid();
        let pid = SpawnOptions::new().max_queue_len(3).spawn(async move {
            process::trap_exit(true);
            process::send(me, "ready");
            process::receive_type::<String>().await; // passes numbers by
        });
        process::monitor(pid);
        assert_eq!(process::receive_type::<&str>().await, "ready");
        for number in 0..3_u32 {
            process::send(pid, number);
            tokio::task::yield_now().await;
        }
        assert!(process::is_alive(pid));
        process::send(pid, 3_u32);
        assert!(!process::is_alive(pid));
        assert_eq!(down().await.reason, ExitReason::Killed);
        assert!(nothing_waits().await);
    });
}
