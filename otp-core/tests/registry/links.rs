//! The processes of a registry, and the links to them.

use super::*;

fn links(pid: Pid) -> Vec<Pid> {
    process::info(pid).unwrap().links
}

/// The processes of the partitions of a registry.
async fn partitions<D: Kind>(registry: &RegistryRef<String, u32, D>) -> Vec<Pid> {
    let supervisor = registry.pid().unwrap();
    links(supervisor).into_iter().filter(|pid| *pid != process::self_pid()).collect()
}

/// REG-03: whoever registers is the caller, and is linked to its partition.
#[test]
fn whoever_registers_is_linked() {
    paused(async {
        let (users, ann) = (uniques().await, idle());
        let partition = partitions(&users).await;
        assert_eq!((partition.len(), links(ann)), (1, vec![]));
        enter(ann, &users, "k", 1).await.unwrap();
        assert_eq!((links(ann), users.keys(ann)), (partition.clone(), Ok(vec![text("k")])));
        assert!(links(partition[0]).contains(&ann));
        let bob = idle();
        assert!(enter(bob, &users, "k", 1).await.is_err());
        assert_eq!(links(bob), [], "whoever is refused is not");
    });
}

/// REG-04: the last entry that goes removes the link.
#[test]
fn the_last_leave_removes_the_link() {
    paused(async {
        let (topics, ann) = (topics().await, idle());
        let partition = partitions(&topics).await;
        for key in ["a", "b", "b"] {
            enter(ann, &topics, key, 1).await.unwrap();
        }
        for (key, left) in [("none", 1), ("a", 1), ("b", 0)] {
            let own = topics.clone();
            within(ann, move || own.unregister(key).unwrap()).await;
            assert_eq!(links(ann).len(), left, "after {key}");
        }
        assert!(!links(partition[0]).contains(&ann));
        enter(ann, &topics, "a", 1).await.unwrap();
        assert_eq!(links(ann), partition);
        kill(ann).await;
        assert!(!links(partition[0]).contains(&ann));
    });
}

/// REG-28: those who are registered get the registry's end through their link.
#[test]
fn a_registry_takes_its_processes_with_it() {
    paused(async {
        let (users, ann, bob) = (uniques().await, idle(), idle());
        enter(ann, &users, "k", 1).await.unwrap();
        let (of_ann, of_bob) = (process::monitor(ann), process::monitor(bob));
        stop(&users).await;
        let down: Down = process::receive_type().await;
        assert_eq!((down.monitor, down.reason), (of_ann, ExitReason::Shutdown));
        assert!(process::demonitor(of_bob), "it was not registered");
        assert_eq!(users.lookup("k"), Err(RegistryError::NotRunning));
    });
}

async fn stop<D: Kind>(registry: &RegistryRef<String, u32, D>) {
    let pid = registry.pid().unwrap();
    process::unlink(pid);
    process::send_exit(pid, ExitReason::Shutdown);
    process::join(pid).await;
}

/// REG-24: results do not depend on the partitions, each of which is supervised.
#[test]
fn partitions_are_supervised() {
    paused(async {
        let topics = Registry::duplicate::<String, u32>().partitions(4).name("topics");
        let topics = topics.start_link().await.unwrap();
        let before = partitions(&topics).await;
        assert_eq!(before.len(), 4);
        let all: Vec<Pid> = (0..40).map(|_| idle()).collect();
        for pid in &all {
            within(*pid, || process::trap_exit(true)).await;
            enter(*pid, &topics, "k", 1).await.unwrap();
        }
        assert_eq!(pids(&topics.lookup("k").unwrap()), all, "in the order of registration");
        let lost = before.iter().map(|pid| links(*pid).len() - 1).collect::<Vec<_>>();
        assert_eq!(lost.iter().sum::<usize>(), 40);
        assert!(lost.iter().all(|lost| *lost > 0), "{lost:?}");

        kill(before[0]).await;
        assert_eq!(topics.count(), Ok(40 - lost[0]), "its entries are lost with it");
        process::sleep(Duration::from_secs(1)).await; // it is started again
        let after = partitions(&topics).await;
        assert_eq!((after.len(), after.contains(&before[0])), (4, false));
        for pid in &all {
            if topics.keys(*pid).unwrap().is_empty() {
                enter(*pid, &topics, "k", 1).await.unwrap();
            }
        }
        assert_eq!(topics.count(), Ok(40));
    });
}

#[test]
fn the_partitions_of_unique_keys_end_together() {
    paused(async {
        let users = Registry::unique::<String, u32>().partitions(2).start_link().await.unwrap();
        let before = partitions(&users).await;
        let ann = idle();
        enter(ann, &users, "k", 1).await.unwrap();
        let its = links(ann)[0];
        let other = *before.iter().find(|pid| **pid != its).unwrap();
        process::send_exit(other, ExitReason::Kill);
        process::join(ann).await;
        process::sleep(Duration::from_secs(1)).await;
        assert_eq!(users.count(), Ok(0));
        users.register(text("k"), 2).unwrap();
        assert!(partitions(&users).await.iter().all(|pid| !before.contains(pid)));
    });
}

#[test]
fn a_start_without_partitions_fails() {
    paused(async {
        let none = Registry::unique::<String, u32>().partitions(0).start_link().await;
        assert!(matches!(none, Err(StartError::Exit(_))), "{none:?}");
    });
}

#[test]
fn a_process_that_traps_survives_its_registry() {
    paused(async {
        let users = uniques().await;
        process::trap_exit(true);
        users.register(text("k"), 1).unwrap();
        let partition = partitions(&users).await[0];
        kill(partition).await;
        let exit: Exit = process::receive_type().await;
        assert_eq!((exit.from, exit.reason), (partition, ExitReason::Killed));
        process::sleep(Duration::from_secs(1)).await;
        assert_eq!((users.lookup("k"), users.keys(process::self_pid())), (Ok(None), Ok(vec![])));
        users.register(text("k"), 2).unwrap();
        assert_eq!(users.count(), Ok(1));
    });
}

#[test]
fn a_registry_is_a_child_that_comes_back_empty() {
    paused(async {
        let registry = Registry::unique::<String, u32>().name("users");
        let supervisor = Supervisor::one_for_one().child(registry.child_spec("users"));
        let supervisor = supervisor.start_link().await.unwrap();
        let users = Uniques::named("users");
        let (ann, before) = (idle(), users.pid());
        enter(ann, &users, "k", 1).await.unwrap();
        kill(before.unwrap()).await;
        process::join(ann).await;
        supervisor.count_children().await.unwrap();
        assert_ne!(users.pid(), before);
        assert_eq!(users.count(), Ok(0));
        let listed = supervisor.which_children().await.unwrap();
        assert_eq!(listed[0].kind, otp_core::ChildType::Supervisor);
        supervisor.stop().await.unwrap();
        assert_eq!(users.count(), Err(RegistryError::NotRunning));
    });
}

/// A handle of a registry that was started stays with that one.
#[test]
fn a_handle_does_not_follow_a_restart() {
    paused(async {
        let supervisor = Supervisor::one_for_one().start_link().await.unwrap();
        let registry = Registry::unique::<String, u32>().name("users");
        let users = supervisor.start_child(registry.child_spec("users")).await.unwrap();
        users.register(text("k"), 1).unwrap();
        users.unregister("k").unwrap();
        kill(users.pid().unwrap()).await;
        supervisor.count_children().await.unwrap();
        assert_eq!(users.count(), Err(RegistryError::NotRunning));
        assert_eq!(Uniques::named("users").count(), Ok(0));
    });
}
