//! Registering, looking up, changing and leaving.

use super::*;

/// REG-01: one entry per key, and whoever is refused learns who has it.
#[test]
fn a_unique_key_has_one_entry() {
    paused(async {
        let (users, ann, bob) = (uniques().await, idle(), idle());
        assert_eq!(enter(ann, &users, "k", 1).await, Ok(()));
        let taken = Err(RegistryError::AlreadyRegistered { pid: ann });
        assert_eq!(enter(bob, &users, "k", 2).await, taken);
        assert_eq!(enter(ann, &users, "k", 3).await, taken);
        let entry = users.lookup("k").unwrap().unwrap();
        assert_eq!((entry.pid, entry.value), (ann, 1));
        assert_eq!((users.lookup("none"), users.count()), (Ok(None), Ok(1)));
        assert_eq!((users.keys(bob), users.keys(ann)), (Ok(vec![]), Ok(vec![text("k")])));
    });
}

/// REG-02, REG-10: many entries per key, several of one process; keys and values of a process.
#[test]
fn a_duplicate_key_has_many_entries() {
    paused(async {
        let (topics, ann, bob) = (topics().await, idle(), idle());
        for value in [1, 2] {
            enter(ann, &topics, "t", value).await.unwrap();
        }
        enter(bob, &topics, "t", 3).await.unwrap();
        enter(bob, &topics, "u", 4).await.unwrap();
        let found = topics.lookup("t").unwrap();
        assert_eq!((pids(&found), values(found)), (vec![ann, ann, bob], vec![1, 2, 3]));
        assert_eq!(topics.keys(bob), Ok(vec![text("t"), text("u")]));
        assert_eq!(topics.keys(ann), Ok(vec![text("t"), text("t")]));
        assert_eq!(topics.values("t", ann), Ok(vec![1, 2]));
        assert_eq!((topics.values("u", ann), topics.count()), (Ok(vec![]), Ok(4)));
    });
}

/// REG-05: entries go when their process ends, before anybody hears of it.
#[test]
fn entries_end_with_their_process() {
    for reason in [ExitReason::Kill, ExitReason::Shutdown, ExitReason::error("boom")] {
        paused(async move {
            let (users, topics, ann) = (uniques().await, topics().await, idle());
            enter(ann, &users, "k", 1).await.unwrap();
            enter(ann, &topics, "k", 1).await.unwrap();
            enter(ann, &topics, "k", 2).await.unwrap();
            let monitor = process::monitor(ann);
            process::send_exit(ann, reason);
            assert_eq!(process::receive_type::<Down>().await.monitor, monitor);
            assert_eq!((users.count(), users.keys(ann)), (Ok(0), Ok(vec![])));
            assert_eq!((topics.count(), topics.keys(ann)), (Ok(0), Ok(vec![])));
        });
    }
}

/// REG-05: also when it ends by itself or panics.
#[test]
fn entries_end_with_a_process_that_ends_by_itself() {
    threaded(async {
        let users = uniques().await;
        for panics in [false, true] {
            let own = users.clone();
            let pid = process::spawn(async move {
                own.register(text("k"), 1).unwrap();
                assert!(!panics, "as it is meant to");
            });
            process::join(pid).await;
            assert_eq!(users.count(), Ok(0));
        }
    });
}

/// REG-06: a process that was told to end is not shown, and its key is free at once.
#[test]
fn a_dead_holder_is_never_shown() {
    paused(async {
        let (users, ann) = (uniques().await, idle());
        enter(ann, &users, "k", 1).await.unwrap();
        process::send_exit(ann, ExitReason::Kill);
        // On this one thread it cannot have run yet, so its entry is still there.
        assert_eq!(users.count(), Ok(1));
        assert_eq!(users.lookup("k"), Ok(None));
        users.register(text("k"), 2).unwrap();
        process::join(ann).await;
        assert_eq!(users.lookup("k").unwrap().map(|entry| entry.value), Some(2));
        assert_eq!((users.count(), users.keys(ann)), (Ok(1), Ok(vec![])));
    });
}

/// REG-07: a look-up of a duplicate key may show it for a moment, and does not after its end.
#[test]
fn a_dead_subscriber_is_gone_when_its_end_is_known() {
    paused(async {
        let (topics, ann) = (topics().await, idle());
        enter(ann, &topics, "k", 1).await.unwrap();
        kill(ann).await;
        assert_eq!(topics.lookup("k"), Ok(vec![]));
    });
}

/// REG-08: only own entries go, and it is no error when there are none.
#[test]
fn whoever_leaves_takes_only_its_own_entries() {
    paused(async {
        let (users, topics, ann, bob) = (uniques().await, topics().await, idle(), idle());
        enter(ann, &users, "k", 1).await.unwrap();
        assert_eq!((users.unregister("k"), users.unregister("none")), (Ok(()), Ok(())));
        assert_eq!(users.count(), Ok(1));
        for pid in [ann, bob, ann] {
            enter(pid, &topics, "k", 1).await.unwrap();
        }
        let own = (users.clone(), topics.clone());
        within(ann, move || (own.0.unregister("k").unwrap(), own.1.unregister("k").unwrap())).await;
        assert_eq!((users.lookup("k"), users.keys(ann)), (Ok(None), Ok(vec![])));
        assert_eq!(pids(&topics.lookup("k").unwrap()), [bob]);
        assert_eq!(topics.keys(ann), Ok(vec![]));
    });
}

/// REG-09: only the holder changes its value.
#[test]
fn a_holder_changes_its_value() {
    paused(async {
        let (users, ann) = (uniques().await, idle());
        enter(ann, &users, "k", 1).await.unwrap();
        assert_eq!(users.update_value("k", |value| value + 1), Err(RegistryError::NotOwner));
        assert_eq!(users.update_value("none", |value| value + 1), Err(RegistryError::NotOwner));
        let own = users.clone();
        let updated = within(ann, move || own.update_value("k", |value| value + 1)).await;
        assert_eq!(updated, Ok((2, 1)));
        assert_eq!(users.lookup("k").unwrap().map(|entry| entry.value), Some(2));
        kill(ann).await;
        assert_eq!(users.count(), Ok(0));
    });
}

/// REG-11, REG-12, REG-13: closures over pid and value take the place of patterns.
#[test]
fn entries_are_chosen_by_their_value() {
    paused(async {
        let (topics, ann) = (topics().await, idle());
        for value in [1, 2, 3] {
            topics.register(text("k"), value).unwrap();
        }
        enter(ann, &topics, "k", 1).await.unwrap();
        assert_eq!(topics.count_match("k", |_, value| *value < 3), Ok(3));
        assert_eq!(topics.count_match("k", |pid, _| pid == ann), Ok(1));
        assert_eq!(values(topics.matches("k", |_, value| *value > 1).unwrap()), [2, 3]);
        assert_eq!(topics.unregister_match("k", |value| *value < 3), Ok(()));
        let left = topics.lookup("k").unwrap();
        assert_eq!((pids(&left), values(left)), (vec![process::self_pid(), ann], vec![3, 1]));
        assert_eq!(topics.keys(process::self_pid()), Ok(vec![text("k")]));
    });
}

/// REG-14: over all keys and partitions, in the order of registration.
#[test]
fn a_selection_sees_all_entries() {
    paused(async {
        let users = Registry::unique::<String, u32>().partitions(4).start_link().await.unwrap();
        for (key, value) in [("a", 1), ("b", 2), ("c", 3)] {
            enter(idle(), &users, key, value).await.unwrap();
        }
        let many = users.select(|key, _, value| (*value > 1).then(|| (key.clone(), *value)));
        assert_eq!(many, Ok(vec![(text("b"), 2), (text("c"), 3)]));
        assert_eq!(users.count_select(|_, _, value| *value < 3), Ok(2));
        let own = users.select(|_, pid, _| (pid == process::self_pid()).then_some(()));
        assert_eq!(own, Ok(vec![]), "closures know which process they run in");
    });
}

/// REG-15: keys have one type, and are looked up in any borrowed form of it.
#[test]
fn keys_are_compared_by_value() {
    paused(async {
        let users = Registry::unique::<(u8, String), ()>().start_link().await.unwrap();
        users.register((1, text("a")), ()).unwrap();
        users.register((1, text("b")), ()).unwrap();
        assert!(users.lookup(&(1, text("a"))).unwrap().is_some());
        assert_eq!((users.lookup(&(2, text("a"))), users.count()), (Ok(None), Ok(2)));
    });
}

/// REG-22: listeners hear of each registration and of each leave, but of no end.
#[test]
fn listeners_hear_of_registrations() {
    paused(async {
        let me = process::self_pid();
        process::register(me, "listener").unwrap();
        let users = Registry::unique::<String, u32>().name("users").listener("listener");
        let users = users.listener("nobody").start_link().await.unwrap();
        let ann = idle();
        let own = users.clone();
        // It lies in the mailbox when the call returns.
        users.register(text("mine"), 7).unwrap();
        let heard = waiting::<Registered<String, u32>>().await.unwrap();
        assert_eq!((heard.registry, heard.pid, heard.value), (Some("users".into()), me, 7));
        within(ann, move || own.register(text("k"), 1)).await.unwrap();
        assert_eq!(waiting::<Registered<String, u32>>().await.unwrap().key, "k");
        assert!(enter(ann, &users, "mine", 1).await.is_err());
        kill(ann).await;
        users.unregister("mine").unwrap();
        users.unregister("mine").unwrap();
        let heard = waiting::<Unregistered<String>>().await.unwrap();
        assert_eq!(
            (heard.registry, heard.key, heard.pid),
            (Some("users".into()), text("mine"), me)
        );
        assert_eq!(waiting::<Unregistered<String>>().await, None, "neither of the end of `ann`");
        assert_eq!(waiting::<Registered<String, u32>>().await, None, "nor of what was refused");
    });
}

/// REG-23: set at the start or later, typed, read by key.
#[test]
fn metadata_is_kept_beside_the_entries() {
    paused(async {
        let users = Registry::unique::<String, u32>().meta("colour", "red");
        let users = users.start_link().await.unwrap();
        assert_eq!(users.meta::<&str>("colour"), Ok(Some("red")));
        assert_eq!((users.meta::<&str>("none"), users.meta::<u8>("colour")), (Ok(None), Ok(None)));
        users.put_meta("size", 3).unwrap();
        assert_eq!(users.meta::<i32>("size"), Ok(Some(3)));
        users.delete_meta("size").unwrap();
        users.delete_meta("size").unwrap();
        assert_eq!(users.meta::<i32>("size"), Ok(None));
    });
}

/// REG-27: everything that meets a registry which does not run says so.
#[test]
fn a_registry_that_does_not_run_is_an_error() {
    paused(async {
        let missing = Err(RegistryError::NotRunning);
        let users = Uniques::named("users");
        assert_eq!(users.register(text("k"), 1), missing);
        assert_eq!((users.unregister("k"), users.lookup("k")), (missing.clone(), absent()));
        assert_eq!((users.count(), users.keys(process::self_pid())), (absent(), absent()));
        assert_eq!((users.values("k", process::self_pid()), users.pid()), (absent(), None));
        assert_eq!((users.meta::<u8>("k"), users.put_meta("k", 1)), (absent(), missing.clone()));
        assert_eq!(users.update_value("k", |value| *value), absent());
        assert_eq!(users.select(|_, _, _| Some(())), absent());
        assert_eq!(users.broadcast("k", ()), absent());
        assert_eq!(users.dispatch("k", |_| panic!("nobody is called")), missing);
        assert_eq!(users.dispatch_parallel("k", |_| ()).await, missing);
        assert_eq!(users.lock(text("k"), async {}).await, missing);
        // Under another name, and under this one with other types.
        let _other = Registry::unique::<u8, ()>().name("users").start_link().await.unwrap();
        assert_eq!(users.lookup("k"), absent());
        assert_eq!(RegistryRef::<u8>::named("users").lookup(&7), Ok(None));
    });
}

fn absent<T>() -> Result<T, RegistryError> {
    Err(RegistryError::NotRunning)
}

#[test]
fn a_plain_task_can_look_up_but_not_register() {
    threaded(async {
        let users = uniques().await;
        users.register(text("k"), 1).unwrap();
        let me = process::self_pid();
        let task = tokio::spawn(async move {
            let found = users.lookup("k").unwrap().map(|entry| entry.pid);
            (found, users.register(text("other"), 1), users.unregister("k"))
        });
        let refused = Err(RegistryError::NoProcess);
        assert_eq!(task.await.unwrap(), (Some(me), refused, Ok(())));
    });
}

/// REG-29: a handle has the types of the registry, and finds it by name, too.
#[test]
fn a_registry_is_found_by_its_name() {
    paused(async {
        let started = Registry::unique::<String, u32>().name("users").start_link().await.unwrap();
        let named = Uniques::named("users");
        named.register(text("k"), 1).unwrap();
        assert_eq!(started.lookup("k"), named.lookup("k"));
        assert_eq!((started.pid(), process::whereis("users")), (named.pid(), named.pid()));
        assert_eq!(started, named);
        let twice = Registry::unique::<String, u32>().name("users").start_link().await;
        assert_eq!(twice.unwrap_err(), StartError::AlreadyStarted(named.pid().unwrap()));
        assert_eq!(named.count(), Ok(1), "the other start has changed nothing");
    });
}

/// Two processes that want the same keys: one gets each, and the other one learns who.
#[test]
fn a_race_has_one_winner() {
    threaded(async {
        let users = Registry::unique::<u32, ()>().start_link().await.unwrap();
        let me = process::self_pid();
        for _ in 0..2 {
            let users = users.clone();
            process::SpawnOptions::new().daemon().spawn(async move {
                let mut won = 0_u32;
                for key in 0..2_000 {
                    match users.register(key, ()) {
                        Ok(()) => won += 1,
                        Err(RegistryError::AlreadyRegistered { pid }) => {
                            assert_ne!(pid, process::self_pid());
                        }
                        Err(other) => panic!("{other}"),
                    }
                    tokio::task::yield_now().await;
                }
                process::send(me, won);
                std::future::pending::<()>().await;
            });
        }
        let won: u32 = process::receive_type::<u32>().await + process::receive_type::<u32>().await;
        assert_eq!((won, users.count()), (2_000, Ok(2_000)));
    });
}

/// Processes come, subscribe, leave and die on two threads; nothing of them stays.
#[test]
fn nothing_stays_of_many_that_come_and_go() {
    threaded(async {
        let topics = Registry::duplicate::<u32, u32>().partitions(2).start_link().await.unwrap();
        let mut all = Vec::new();
        for number in 0..500_u32 {
            let topics = topics.clone();
            all.push(process::spawn(async move {
                for key in 0..4 {
                    topics.register(key % 2, number).unwrap();
                }
                tokio::task::yield_now().await;
                if number % 2 == 0 {
                    topics.unregister(&0).unwrap();
                }
                if number % 3 == 0 {
                    process::exit(ExitReason::error("boom"));
                }
            }));
        }
        for pid in all {
            process::join(pid).await;
        }
        assert_eq!(topics.count(), Ok(0));
        assert_eq!(topics.select(|_, _, _| Some(())), Ok(vec![]));
    });
}
