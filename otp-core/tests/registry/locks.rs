//! Work under a key, one after the other.

use super::*;

/// Says when it has the lock, and keeps it until it is told to go on.
async fn hold(users: Uniques, key: &'static str, owner: Pid) {
    let done = users.lock(text(key), async {
        process::send(owner, key);
        process::receive_type::<()>().await;
    });
    done.await.unwrap();
}

fn holder(users: &Uniques, key: &'static str) -> Pid {
    let hold = hold(users.clone(), key, process::self_pid());
    process::SpawnOptions::new().daemon().spawn(hold)
}

/// REG-25: the same key one after the other, others at the same time.
#[test]
fn the_same_key_is_worked_on_by_one() {
    paused(async {
        let users = uniques().await;
        let first = holder(&users, "k");
        assert_eq!(process::receive_type::<&str>().await, "k");
        let second = holder(&users, "k");
        let third = holder(&users, "k");
        holder(&users, "other");
        assert_eq!(process::receive_type::<&str>().await, "other");
        process::sleep(Duration::from_secs(1)).await;
        assert_eq!(waiting::<&str>().await, None);
        for pid in [first, second] {
            process::send(pid, ());
            process::join(pid).await;
            assert_eq!(process::receive_type::<&str>().await, "k", "in the order they came");
        }
        process::send(third, ());
        process::join(third).await;
        assert_eq!(users.lock(text("k"), async { 7 }).await, Ok(7));
    });
}

/// REG-26: whatever becomes of the holder or of one who waits, the next one gets it.
#[test]
fn a_lock_does_not_outlive_its_holder() {
    paused(async {
        let users = uniques().await;
        let own = users.clone();
        let me = process::self_pid();
        let fails = process::spawn(async move {
            let work = async move {
                process::send(me, "k");
                process::receive_type::<()>().await;
                panic!("as it is meant to")
            };
            let _: Result<(), _> = own.lock(text("k"), work).await;
        });
        assert_eq!(process::receive_type::<&str>().await, "k");
        let dies_waiting = holder(&users, "k");
        let dies_holding = holder(&users, "k");
        let last = holder(&users, "k");
        process::sleep(Duration::from_secs(1)).await;
        kill(dies_waiting).await;
        assert_eq!(waiting::<&str>().await, None);
        process::send(fails, ());
        assert_eq!(process::receive_type::<&str>().await, "k");
        kill(dies_holding).await;
        assert_eq!(process::receive_type::<&str>().await, "k");
        process::send(last, ());
        process::join(last).await;
    });
}

/// Many take turns on two threads: nobody is inside with another one.
#[test]
fn turns_do_not_overlap() {
    threaded(async {
        let users = Registry::unique::<u32, ()>().start_link().await.unwrap();
        users.put_meta("count", 0_u32).unwrap();
        let all: Vec<Pid> = (0..50)
            .map(|_| {
                let users = users.clone();
                process::spawn(async move {
                    for _ in 0..20 {
                        let work = async {
                            let count = users.meta::<u32>("count").unwrap().unwrap();
                            tokio::task::yield_now().await;
                            users.put_meta("count", count + 1).unwrap();
                        };
                        users.lock(1, work).await.unwrap();
                    }
                })
            })
            .collect();
        for pid in all {
            process::join(pid).await;
        }
        assert_eq!(users.meta::<u32>("count"), Ok(Some(1_000)));
    });
}
