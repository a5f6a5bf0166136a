//! Aliases: `PROC-ALIAS`.

use otp_core::process::{self, AliasMode};
use otp_core::{Alias, Down, ExitReason, Pid};

use crate::support::{paused, threaded};
use crate::{down, error, idle, nothing_waits};

async fn number() -> u32 {
    process::receive_type().await
}

/// PROC-ALIAS-01, PROC-ALIAS-06, PROC-ALIAS-07
#[test]
fn messages_reach_the_owner_until_the_alias_is_closed() {
    paused(async {
        let alias: Alias<u32> = process::alias();
        alias.send(1);
        let sender = process::spawn(async move { alias.send(2) });
        process::join(sender).await;
        assert_eq!((number().await, number().await), (1, 2));
        assert!(process::unalias(alias));
        alias.send(3);
        assert!(nothing_waits().await);
        assert!(!process::unalias(alias));
        assert_eq!((alias, alias.owner()), (alias, process::self_pid()));
        assert_ne!(alias, process::alias());
    });
}

/// PROC-ALIAS-02
#[test]
fn a_reply_alias_lets_one_message_through() {
    threaded(async {
        for _ in 0..200 {
            let alias: Alias<u32> = process::reply_alias();
            let senders: Vec<Pid> =
                (0..3).map(|n| process::spawn(async move { alias.send(n) })).collect();
            for sender in senders {
                process::join(sender).await;
            }
            number().await;
            assert!(nothing_waits().await);
            assert!(!process::unalias(alias));
        }
    });
}

/// PROC-ALIAS-01: the alias of another process, and of one that has ended.
#[test]
fn only_the_owner_closes_an_alias_and_its_end_does_too() {
    paused(async {
        let me = process::self_pid();
        let alias: Alias<u32> = process::alias();
        process::spawn(async move { process::send(me, process::unalias(alias)) });
        assert!(!process::receive_type::<bool>().await);
        alias.send(1);
        assert_eq!(number().await, 1);

        let child = process::spawn(async move { process::send(me, process::alias::<u32>()) });
        let theirs: Alias<u32> = process::receive_type().await;
        process::join(child).await;
        theirs.send(1);
        assert!(nothing_waits().await);
    });
}

/// PROC-ALIAS-03
#[test]
fn in_demonitor_mode_the_alias_ends_with_the_monitor() {
    paused(async {
        let pid = idle();
        let (monitor, alias) = process::monitor_alias::<u32>(pid, AliasMode::Demonitor);
        alias.send(1);
        alias.send(2);
        assert_eq!((number().await, number().await), (1, 2));
        assert!(process::demonitor(monitor));
        alias.send(3);
        assert!(nothing_waits().await);

        let (monitor, alias) = process::monitor_alias::<u32>(pid, AliasMode::Demonitor);
        process::send_exit(pid, error("boom"));
        assert_eq!(down().await.monitor, monitor);
        alias.send(3);
        assert!(nothing_waits().await);
        assert!(!process::unalias(alias));
    });
}

/// PROC-ALIAS-04
#[test]
fn in_explicit_mode_the_alias_outlives_the_monitor() {
    paused(async {
        let pid = idle();
        let (monitor, alias) = process::monitor_alias::<u32>(pid, AliasMode::Explicit);
        process::send_exit(pid, error("boom"));
        assert_eq!(down().await.monitor, monitor);
        alias.send(1);
        assert_eq!(number().await, 1);
        assert!(process::unalias(alias));
        alias.send(2);
        assert!(nothing_waits().await);
    });
}

/// PROC-ALIAS-05
#[test]
fn in_reply_mode_there_is_one_answer_or_one_down() {
    paused(async {
        let pid = idle();
        let (monitor, alias) = process::monitor_alias::<u32>(pid, AliasMode::Reply);
        assert_eq!(process::info(pid).unwrap().monitored_by.len(), 1);
        alias.send(1);
        assert_eq!(process::info(pid).unwrap().monitored_by, []);
        alias.send(2);
        assert!(!process::demonitor(monitor));
        process::send_exit(pid, ExitReason::Kill);
        process::join(pid).await;
        assert_eq!(number().await, 1);
        assert!(nothing_waits().await);

        let (monitor, alias) = process::monitor_alias::<u32>(pid, AliasMode::Reply);
        alias.send(3); // too late: it has fired
        assert_eq!(down().await.monitor, monitor);
        assert!(nothing_waits().await);
    });
}

/// PROC-ALIAS-05 under a race: never both, never neither.
#[test]
fn an_answer_and_an_end_race_for_a_reply_alias() {
    threaded(async {
        for _ in 0..500 {
            let pid = idle();
            let (_, alias) = process::monitor_alias::<u32>(pid, AliasMode::Reply);
            let sender = process::spawn(async move { alias.send(1) });
            process::send_exit(pid, ExitReason::Kill);
            process::join(sender).await;
            process::join(pid).await;
            let first = process::receive().await;
            assert!(first.is::<u32>() || first.is::<Down>());
            assert!(nothing_waits().await);
        }
    });
}
