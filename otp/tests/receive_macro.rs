//! What `receive!` does with messages and with the code around it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use otp::prelude::*;

struct Ping {
    from: Pid,
}

#[derive(Debug, PartialEq)]
struct Pong;

#[derive(Debug, PartialEq)]
enum Job {
    Small(u32),
    Large { size: u64, name: String },
}

/// Neither `Clone` nor `Copy`: it has to be moved all the way.
#[derive(Debug, PartialEq)]
struct Only(String);

const LIMIT: u32 = 7;

fn queued() -> usize {
    process::info(process::self_pid()).expect("alive").message_queue_len
}

/// What is left in the mailbox.
async fn next() -> Option<&'static str> {
    receive! {
        text: &'static str => Some(text),
        other: Message => panic!("unexpected {other:?}"),
        after 0ms => None,
    }
}

#[otp::test(start_paused)]
async fn ping_and_pong() {
    let parent = process::self_pid();
    let child = process::spawn(async {
        receive! {
            Ping { from } => process::send(from, Pong),
        }
    });
    process::send(child, Ping { from: parent });
    let text = receive! {
        Pong => "pong",
        after 5s => "no answer in five seconds",
    };
    assert_eq!(text, "pong");

    let (pid, monitor) = process::spawn_monitor(async { process::exit(ExitReason::error("oops")) });
    receive! {
        Down { monitor: m, pid: p, reason, .. } if m == monitor && p == Some(pid) => {
            assert_eq!(reason, ExitReason::error("oops"));
        }
    }
}

/// PROC-MSG-04
#[otp::test(start_paused)]
async fn the_oldest_message_that_matches_comes_first_and_the_others_stay() {
    let me = process::self_pid();
    process::send(me, "one");
    process::send(me, Job::Small(1));
    process::send(me, "two");
    process::send(me, Job::Large { size: 9, name: "big".into() });
    let (size, name) = receive! {
        Job::Large { size, name } => (size, name),
    };
    assert_eq!((size, name.as_str()), (9, "big"));
    let arm = receive! {
        Job::Large { .. } => "large",
        Job::Small(number @ 1..=3) => if number == 1 { "small" } else { "other" },
    };
    assert_eq!(arm, "small");
    assert_eq!((next().await, next().await, next().await), (Some("one"), Some("two"), None));
}

#[otp::test(start_paused)]
async fn arms_are_tried_top_to_bottom() {
    let me = process::self_pid();
    process::send(me, 3_u32);
    let arm = receive! {
        LIMIT => "limit",
        3: u32 => "first",
        _: u32 => "second",
    };
    assert_eq!(arm, "first");
    process::send(me, 7_u32);
    assert_eq!(receive! { LIMIT => "limit", _: u32 => "other" }, "limit");
    process::send(me, ("ping", me));
    let from = receive! {
        ("pong", _): (&'static str, Pid) => None,
        ("ping", from): (&'static str, Pid) => Some(from),
    };
    assert_eq!(from, Some(me));
    process::send(me, 5);
    assert!(receive! { 4 | 5 => true, after 0ms => false });
}

#[otp::test(start_paused)]
async fn messages_are_moved_unharmed() {
    let me = process::self_pid();
    process::send(me, Only("kept".into()));
    let refused = receive! {
        Only(text) if text == "other" => text,
        Only(text) if text.is_empty() => text,
        whole: Message if whole.is::<u8>() => format!("{whole:?}"),
        after 0ms => "nothing".to_owned(),
    };
    assert_eq!((refused.as_str(), queued()), ("nothing", 1));
    let only = receive! { mut only: Only => { only.0.push('!'); only } };
    assert_eq!(only, Only("kept!".into()));
    process::send(me, Only("by reference".into()));
    let length = receive! { Only(ref mut text) => { text.push('!'); text.len() } };
    assert_eq!(length, 13);
}

/// PROC-MSG-09
#[otp::test(start_paused)]
async fn the_catch_all_gets_the_message_itself() {
    process::send(process::self_pid(), Pong);
    let other = receive! {
        Ping { .. } => panic!("no ping was sent"),
        other: Message => other,
    };
    assert_eq!(other.downcast::<Pong>().expect("a pong"), Pong);
    process::send(process::self_pid(), Pong);
    receive! { _: Message => {} }
    assert_eq!(queued(), 0);
}

#[otp::test(start_paused)]
async fn bodies_are_code_of_the_function_around() {
    async fn answer() -> Result<u32, std::num::ParseIntError> {
        let me = process::self_pid();
        for _ in 0..10 {
            let number: u32 = receive! {
                text: String => text.parse()?,
                ("later", delay): (&'static str, Duration) => {
                    process::sleep(delay).await;
                    continue
                }
                Pong => break,
                number: u32 if number > 100 => return Ok(number),
                number: u32 => number,
            };
            process::send(me, number + 100);
        }
        Ok(0)
    }
    let me = process::self_pid();
    process::send(me, ("later", Duration::from_secs(1)));
    process::send(me, "5".to_owned());
    assert_eq!(answer().await, Ok(105));
    process::send(me, "five".to_owned());
    assert!(answer().await.is_err());
    process::send(me, Pong);
    assert_eq!(answer().await, Ok(0));
}

/// PROC-MSG-05, PROC-MSG-06
#[otp::test(start_paused)]
async fn after_zero_looks_at_every_message_and_leaves_them() {
    let me = process::self_pid();
    for number in 1..=5_u32 {
        process::send(me, number);
    }
    let zero = Duration::ZERO;
    assert!(receive! { 5: u32 => true, after 0ms => false });
    assert!(receive! { 9: u32 => false, after zero => true });
    assert_eq!(queued(), 4);
    for number in 1..=4_u32 {
        assert_eq!(receive! { next: u32 => next }, number);
    }
}

/// PROC-MSG-07
#[otp::test(start_paused)]
async fn the_time_out_is_not_restarted_by_other_messages() {
    let me = process::self_pid();
    let start = process::send_interval(me, "noise", Duration::from_millis(300));
    let begin = process::now();
    let text = receive! {
        Pong => "pong",
        after 1s => "late",
    };
    assert_eq!((text, process::now() - begin), ("late", Duration::from_secs(1)));
    start.cancel();
    assert_eq!(queued(), 3);
    while next().await.is_some() {}
    receive! { after 1s => {} }
    assert_eq!(process::now() - begin, Duration::from_secs(2));
}

/// PROC-MSG-04: each message is tested once for each evaluation, however long the wait.
#[otp::test(start_paused)]
async fn each_message_is_tested_once() {
    static TESTED: AtomicUsize = AtomicUsize::new(0);
    fn wanted(number: u32) -> bool {
        TESTED.fetch_add(1, Ordering::Relaxed);
        number == 1_000
    }
    let me = process::self_pid();
    for number in 0..100_u32 {
        process::send(me, number);
    }
    let late = process::spawn(async move {
        for number in 100..=1_000_u32 {
            process::send(me, number);
            process::sleep(Duration::from_millis(1)).await;
        }
    });
    receive! { number: u32 if wanted(number) => {} }
    assert_eq!((TESTED.load(Ordering::Relaxed), queued()), (1_001, 1_000));
    assert!(receive! { number: u32 if wanted(number) => false, after 0ms => true });
    assert_eq!(TESTED.load(Ordering::Relaxed), 2_001);
    process::join(late).await;
    receive! { number: u32 => assert_eq!(number, 0) }
    while receive! { _: u32 => true, after 0ms => false } {}
}

struct Server;

#[gen_server]
impl Server {
    #[init]
    fn init() -> Server {
        Server
    }

    #[handle_call]
    #[allow(deprecated)] // the warning of `#[gen_server]`
    async fn wait(&self) -> bool {
        receive! { Pong => true, after 1s => false }
    }
}

#[otp::test(start_paused)]
async fn a_handler_cannot_receive() {
    let server = Server::start().await.expect("starts");
    let Err(CallError::Exited(ExitReason::Crash(crash))) = server.wait().await else {
        panic!("the handler must crash")
    };
    assert!(crash.message().contains("`receive!` inside a server"), "{}", crash.message());
}
