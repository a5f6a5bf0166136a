//! Dispatch and broadcast.

use std::sync::{Arc, Mutex};

use super::*;

/// REG-16: in the caller, with all entries, and not at all when there are none.
#[test]
fn a_dispatch_calls_once_with_the_entries() {
    paused(async {
        let (topics, ann, bob) = (topics().await, idle(), idle());
        enter(ann, &topics, "t", 1).await.unwrap();
        enter(bob, &topics, "t", 2).await.unwrap();
        let (me, mut calls) = (process::self_pid(), Vec::new());
        let told = topics.dispatch("t", |entries| {
            assert_eq!(process::self_pid(), me);
            calls.push(pids(entries));
        });
        assert_eq!((told, calls), (Ok(()), vec![vec![ann, bob]]));
        assert_eq!(topics.dispatch("empty", |_| panic!("nobody is called")), Ok(()));
    });
}

/// REG-17: once for each partition that has entries; in other processes when parallel.
#[test]
fn a_dispatch_calls_once_for_each_partition() {
    threaded(async {
        let topics = Registry::duplicate::<String, u32>().partitions(3).start_link().await.unwrap();
        let all: Vec<Pid> = (0..30).map(|_| idle()).collect();
        for pid in &all {
            enter(*pid, &topics, "t", 1).await.unwrap();
        }
        let (mut calls, mut seen) = (0, Vec::new());
        let serial = topics.dispatch("t", |entries| {
            calls += 1;
            seen.extend(pids(entries));
        });
        seen.sort();
        assert_eq!((serial, calls, seen), (Ok(()), 3, all.clone()));
        // One process is in one partition.
        enter(all[0], &topics, "u", 1).await.unwrap();
        enter(all[0], &topics, "u", 2).await.unwrap();
        let mut one = 0;
        topics.dispatch("u", |entries| one += entries.len() * 10 + 1).unwrap();
        assert_eq!(one, 21);

        let ran = Arc::new(Mutex::new(Vec::new()));
        let own = Arc::clone(&ran);
        let parallel = topics.dispatch_parallel("t", move |entries| {
            own.lock().unwrap().push((process::self_pid(), entries.len()));
        });
        assert_eq!(parallel.await, Ok(()));
        let ran = ran.lock().unwrap();
        assert_eq!(ran.iter().map(|(_, entries)| entries).sum::<usize>(), 30);
        assert!(ran.len() == 3 && ran.iter().all(|(pid, _)| *pid != process::self_pid()));
    });
}

/// REG-18: a panic in the function is the caller's.
#[test]
fn a_failing_dispatch_is_the_callers() {
    paused(async {
        let topics = topics().await;
        enter(idle(), &topics, "t", 1).await.unwrap();
        let own = topics.clone();
        let caller = process::spawn(async move {
            let _ = own.dispatch("t", |_| panic!("boom"));
        });
        let reason = process::join(caller).await.unwrap();
        assert!(matches!(&reason, ExitReason::Crash(crash) if crash.message() == "boom"));
        assert_eq!(topics.count(), Ok(1), "the registry goes on");
        let failed = topics.dispatch_parallel("t", |_| panic!("boom")).await;
        let Err(RegistryError::Failed(ExitReason::Crash(crash))) = failed else {
            panic!("{failed:?}")
        };
        assert_eq!(crash.message(), "boom");
        let exits = topics.dispatch_parallel("t", |_| process::exit(ExitReason::Timeout)).await;
        assert_eq!(exits, Err(RegistryError::Failed(ExitReason::Timeout)));
    });
}

/// Subscribers that hear, that are too slow, that have died and that are dying.
#[test]
fn a_broadcast_waits_for_nobody() {
    paused(async {
        let (topics, slow, dead, dying) = (topics().await, idle(), idle(), idle());
        topics.register(text("news"), 0).unwrap();
        topics.register(text("news"), 0).unwrap();
        for pid in [slow, dead, dying] {
            enter(pid, &topics, "news", 1).await.unwrap();
        }
        kill(dead).await;
        process::send_exit(dying, ExitReason::Kill);
        for number in 0..100_u32 {
            assert_eq!(topics.broadcast("news", number), Ok(3));
        }
        assert_eq!(process::info(slow).unwrap().message_queue_len, 100);
        for number in 0..100_u32 {
            assert_eq!(process::receive_type::<u32>().await, number);
            assert_eq!(process::receive_type::<u32>().await, number);
        }
        assert_eq!(topics.broadcast("nothing", 0), Ok(0));
    });
}

#[test]
fn an_entry_sends_to_its_process() {
    paused(async {
        let topics = topics().await;
        topics.register(text("news"), 0).unwrap();
        topics.lookup("news").unwrap()[0].send("it rains");
        assert_eq!(process::receive_type::<&str>().await, "it rains");
    });
}

/// Ten thousand subscribers of one topic come, hear and go.
#[test]
fn a_topic_may_have_many_subscribers() {
    paused(async {
        let topics = topics().await;
        let own = topics.clone();
        let many = process::spawn(async move {
            (0..10_000).for_each(|number| own.register(text("news"), number).unwrap());
            idle_loop().await;
        });
        within(many, || ()).await;
        assert_eq!(topics.broadcast("news", 'x'), Ok(10_000));
        let order = topics.select(|_, _, number| Some(*number)).unwrap();
        assert!(order.is_sorted() && order.len() == 10_000);
        kill(many).await;
        assert_eq!(topics.count(), Ok(0));
    });
}
