//! What belongs to one process: `PROC-INFO`, `PROC-DICT`, `PROC-HIB`, and its ancestors.

use otp_core::process::{self, SpawnOptions, Status, dict};
use otp_core::{
    Context, ExitReason, GenServer, InitResult, Name, Never, Next, Pid, ReplyTo, ServerOptions,
    ServerRef, Start, noreply,
};

use crate::support::{Plan, Request, failure, paused};
use crate::{SECOND, idle};

/// PROC-INFO-01
#[test]
fn nothing_is_known_of_a_dead_process() {
    paused(async {
        let pid = idle();
        assert!(process::is_alive(pid) && process::info(pid).is_some());
        assert!(process::list().contains(&pid));
        process::send_exit(pid, ExitReason::Kill);
        assert!(!process::is_alive(pid) && process::info(pid).is_none());
        assert!(!process::list().contains(&pid));
    });
}

/// PROC-INFO-02, PROC-INFO-03
#[test]
fn everything_can_be_read_of_a_live_process() {
    paused(async {
        let me = process::self_pid();
        let target = idle();
        let pid = process::spawn(async move {
            process::trap_exit(true);
            process::monitor(target);
            process::link(target).unwrap();
            process::set_label("busy");
            process::receive_type::<Pid>().await;
            process::sleep(SECOND).await;
        });
        process::monitor(pid);
        process::send(pid, 1_u32);
        while process::info(pid).unwrap().status != Status::Waiting {
            tokio::task::yield_now().await;
        }
        let info = process::info(pid).unwrap();
        assert_eq!((info.pid, info.parent, info.name), (pid, Some(me), None));
        assert_eq!((info.links, info.monitors), (vec![target], vec![target]));
        assert_eq!((info.monitored_by, info.trap_exit), (vec![me], true));
        assert_eq!((info.label.as_deref(), info.message_queue_len), (Some("busy"), 1));
        assert_eq!((info.ancestors.len(), info.ancestors[0].pid), (1, me));
        assert_eq!(info.polls, 1);
        assert!(info.memory >= 100 && info.memory < 10_000, "{}", info.memory);

        process::register(pid, "named").unwrap();
        assert_eq!(process::info(pid).unwrap().name, Some("named".into()));
        process::send(pid, pid);
        process::join(pid).await;
        process::send_exit(target, ExitReason::Kill);
    });
}

/// PROC-INFO-02: the memory of the mailbox counts.
#[test]
fn a_full_mailbox_takes_memory() {
    paused(async {
        let pid = idle();
        let before = process::info(pid).unwrap().memory;
        for number in 0..1_000_u32 {
            process::send(pid, number);
        }
        assert!(process::info(pid).unwrap().memory > before + 8_000);
        process::send_exit(pid, ExitReason::Kill);
    });
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Depth,
    Width,
}

/// PROC-DICT-01
#[test]
fn the_dictionary_is_private_and_gives_back_what_it_held() {
    paused(async {
        assert_eq!(dict::put("key", 1_u32), None);
        assert_eq!(dict::put("key", 2_u32), Some(1));
        assert_eq!(dict::get(&"key"), Some(2_u32));
        let me = process::self_pid();
        process::spawn(async move { process::send(me, dict::get::<u32, _>(&"key")) });
        assert_eq!(process::receive_type::<Option<u32>>().await, None);
        assert_eq!(dict::delete(&"key"), Some(2_u32));
        assert_eq!(dict::delete::<u32, _>(&"key"), None);
        assert_eq!(dict::get_or(&"key", 9_u32), 9);
    });
}

/// PROC-DICT-02
#[test]
fn keys_have_a_type_and_can_be_found_by_value() {
    paused(async {
        dict::put(Key::Depth, 1_u32);
        dict::put(Key::Width, 1_u32);
        dict::put("depth", 1_u32);
        dict::put(7_u8, "seven".to_owned());
        let mut keys: Vec<Key> = dict::keys_of(&1_u32);
        keys.sort_by_key(|key| *key == Key::Width);
        assert_eq!(keys, [Key::Depth, Key::Width]);
        assert_eq!(dict::keys::<&str>(), ["depth"]);
        assert_eq!(dict::keys_of::<u8, _>(&"seven".to_owned()), [7]);
        assert_eq!(dict::keys_of::<u8, _>(&1_u32), []);
        assert_eq!(dict::keys::<u64>(), []);
        assert_eq!(dict::get::<u64, _>(&Key::Depth), None); // another type is another value
        assert_eq!(dict::put(Key::Depth, 5_u64), None);
        assert_eq!(dict::get::<u32, _>(&Key::Depth), None);
        assert_eq!(dict::get_or(&Key::Depth, 0_u64), 5);
    });
}

/// PROC-DICT-01: a value that uses the dictionary in its destructor finds it in order.
#[test]
fn a_value_may_use_the_dictionary_when_it_is_dropped() {
    #[derive(Clone)]
    struct Noisy;
    impl Drop for Noisy {
        fn drop(&mut self) {
            dict::put("dropped", true);
        }
    }
    paused(async {
        dict::put("noisy", Noisy);
        dict::put("noisy", 1_u32);
        assert_eq!(dict::get(&"dropped"), Some(true));
    });
    let text = failure(|| {
        dict::put("key", 1_u32);
    });
    assert!(text.contains("`dict::put` needs a process"), "{text}");
}

/// A server that hibernates after each message.
struct Sleeper;

enum Order {
    Keep(u32, ReplyTo<()>),
    Kept(ReplyTo<Option<u32>>),
    Hibernate,
}

impl GenServer for Sleeper {
    type Args = ();
    type Request = Order;
    type Continue = Never;
    type Client = ServerRef<Sleeper>;

    const OPTIONS: ServerOptions = ServerOptions::new();

    async fn init(_: (), _: &mut Context<Self>) -> InitResult<Self> {
        InitResult::ok(Sleeper)
    }

    async fn handle(&mut self, order: Order, _: &mut Context<Self>) -> Next<Self> {
        match order {
            Order::Keep(value, caller) => {
                dict::put("kept", value);
                Next::answer(caller, otp_core::reply(()).hibernate())
            }
            Order::Kept(caller) => Next::answer(caller, dict::get::<u32, _>(&"kept")),
            Order::Hibernate => {
                process::sleep(SECOND).await;
                Next::after(noreply().hibernate())
            }
        }
    }
}

/// PROC-HIB-01, PROC-DICT-01 in a server
#[test]
fn hibernation_keeps_the_dictionary_and_the_mailbox() {
    paused(async {
        let server = Start::<Sleeper>::alone(()).await.unwrap();
        server.call(|caller| Order::Keep(7, caller)).await.unwrap();
        assert_eq!(server.call(Order::Kept).await, Ok(Some(7)));
        server.cast(Order::Hibernate);
        let other = server.clone();
        let second = process::spawn(async move {
            assert_eq!(other.call(|caller| Order::Keep(8, caller)).await, Ok(()));
        });
        process::join(second).await;
        assert_eq!(server.call(Order::Kept).await, Ok(Some(8)));
        server.stop().await.unwrap();
    });
}

/// PROC-LIB-01
#[test]
fn ancestors_are_the_starter_and_its_ancestors_by_name_where_they_have_one() {
    paused(async {
        assert_eq!(otp_core::ancestors(), []);
        process::register(process::self_pid(), "root").unwrap();
        let first = Plan::new("first").start_link().await;
        assert_eq!(first.call(Request::Ancestors).await.unwrap(), ["root"]);
        let plan = Plan::new("second");
        let second = first.call(|caller| Request::Start(plan, caller)).await.unwrap();
        let pid = first.pid().unwrap();
        assert_eq!(
            second.call(Request::Ancestors).await.unwrap(),
            [pid.to_string(), "root".to_owned()]
        );
        // A name that came later counts for what is started later.
        process::register(pid, "first").unwrap();
        let plan = Plan::new("third");
        let third = first.call(|caller| Request::Start(plan, caller)).await.unwrap();
        assert_eq!(third.call(Request::Ancestors).await.unwrap(), ["first", "root"]);
        process::unregister("first").unwrap();
        let plan = Plan::new("fourth");
        let fourth = first.call(|caller| Request::Start(plan, caller)).await.unwrap();
        let names = fourth.call(Request::Ancestors).await.unwrap();
        assert_eq!(names, [pid.to_string(), "root".to_owned()]);
        assert_eq!(second.call(Request::Ancestors).await.unwrap().len(), 2);
        for server in [second, third, fourth, first] {
            server.stop().await.unwrap();
        }
    });
}

/// PROC-LIB-01: a chain of processes that each start the next one and end costs no more and more.
#[test]
fn only_the_nearest_ancestors_are_kept() {
    fn next(left: u32, report: Pid) {
        SpawnOptions::new().name(Name::from(left.to_string())).spawn(async move {
            match left {
                0 => process::send(report, otp_core::ancestors()),
                left => next(left - 1, report),
            }
        });
    }
    paused(async {
        next(100, process::self_pid());
        let ancestors: Vec<otp_core::Ancestor> = process::receive_type().await;
        assert_eq!(ancestors.len(), 32);
        assert_eq!(
            (ancestors[0].to_string(), ancestors[31].to_string()),
            ("1".into(), "32".into())
        );
    });
}
