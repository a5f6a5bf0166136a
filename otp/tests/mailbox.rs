//! Mailboxes with a limit, and what a server does while it is idle, through the macro.

use std::time::Duration;

use otp::prelude::*;
use otp::{Full, FullCall, Instant, Mailbox, TryCastError};

const SECOND: Duration = Duration::from_secs(1);

/// Servers that work a second for each number and differ in their options only.
macro_rules! desk {
    ($desk:ident, $($options:tt)*) => {
        struct $desk {
            done: Vec<u32>,
        }

        #[gen_server(mailbox($($options)*))]
        impl $desk {
            #[init]
            fn init() -> Self {
                $desk { done: Vec::new() }
            }

            #[handle_cast]
            async fn work(&mut self, number: u32) {
                process::sleep(SECOND).await;
                self.done.push(number);
            }

            #[handle_call]
            fn done(&self) -> Vec<u32> {
                self.done.clone()
            }
        }
    };
}

desk!(Plain, capacity = 2);
desk!(Patient, capacity = 2, full = drop_oldest, calls = wait,);
desk!(Strict, full = drop_newest, calls = overload, capacity = 1_000);

/// Until the server has taken what it was sent.
async fn moment() {
    process::sleep(SECOND / 10).await;
}

#[test]
fn the_options_are_those_of_the_trait() {
    assert_eq!(Plain::OPTIONS.mailbox, Some(Mailbox::bounded(2)));
    let patient = Mailbox::bounded(2).full(Full::DropOldest).calls(FullCall::Wait);
    assert_eq!(Patient::OPTIONS.mailbox, Some(patient));
    let strict = Mailbox::bounded(1000).full(Full::DropNewest).calls(FullCall::Refuse);
    assert_eq!(Strict::OPTIONS.mailbox, Some(strict));
    assert_eq!(Cache::OPTIONS.mailbox, None);
    assert_eq!(Cache::OPTIONS.hibernate_after, Some(SECOND * 5));
}

#[otp::test(start_paused)]
async fn by_default_the_newest_cast_is_dropped_and_a_call_refused() {
    let desk = Plain::start_link().await.expect("a server");
    desk.work(0);
    moment().await;
    (1..=4).for_each(|number| desk.work(number));
    assert_eq!(desk.done().await, Err(CallError::Overload));
    let refused = desk.server().try_cast(PlainRequest::Work { number: 5 });
    assert!(matches!(refused, Err(TryCastError::Full(PlainRequest::Work { number: 5 }))));
    process::sleep(SECOND * 3).await;
    assert_eq!(desk.done().await, Ok(vec![0, 1, 2]));
    let info = process::info(desk.pid().expect("alive")).expect("alive");
    assert_eq!(info.dropped, 2);
}

#[otp::test(start_paused)]
async fn the_oldest_cast_makes_room_and_a_call_waits_for_its_place() {
    let start = Instant::now();
    let desk = Patient::start_link().await.expect("a server");
    desk.work(0);
    moment().await;
    (1..=4).for_each(|number| desk.work(number));
    assert_eq!(desk.done().await, Ok(vec![0, 3, 4]));
    assert_eq!(start.elapsed(), SECOND * 3);
}

#[otp::test(start_paused)]
async fn a_call_that_waits_in_the_mailbox_is_never_dropped() {
    let desk = Patient::start_link().await.expect("a server");
    desk.work(0);
    moment().await;
    let mut oldest = desk.done().send();
    desk.work(1);
    desk.work(2); // the mailbox is full: the oldest cast goes, not the call before it
    assert_eq!(oldest.wait(SECOND * 2).await, Ok(vec![0]));
    assert_eq!(desk.done().await, Ok(vec![0, 2]));
}

#[otp::test(start_paused)]
async fn a_cast_may_wait_for_its_place() {
    let start = Instant::now();
    let desk = Plain::start_link().await.expect("a server");
    desk.work(0);
    moment().await;
    (1..=2).for_each(|number| desk.work(number));
    desk.server().cast_wait(PlainRequest::Work { number: 3 }).await.expect("a place");
    assert_eq!(start.elapsed(), SECOND);
    process::sleep(SECOND * 3).await;
    assert_eq!(desk.done().await, Ok(vec![0, 1, 2, 3]));
}

struct Cache {
    entries: Vec<u8>,
    rests: u32,
}

#[gen_server(hibernate_after = 5s)]
impl Cache {
    #[init]
    fn init() -> Self {
        Cache { entries: Vec::with_capacity(100), rests: 0 }
    }

    #[handle_call]
    fn rests(&self) -> (u32, usize) {
        (self.rests, self.entries.capacity())
    }

    #[handle_cast]
    fn rest(&mut self) -> Noreply {
        noreply().hibernate()
    }

    #[hibernate]
    fn shrink(&mut self) {
        self.entries.shrink_to_fit();
        self.rests += 1;
    }
}

#[otp::test(start_paused)]
async fn an_idle_server_hibernates_once_in_each_pause() {
    let cache = Cache::start_link().await.expect("a server");
    process::sleep(SECOND * 4).await;
    assert_eq!(cache.rests().await, Ok((0, 100)));
    process::sleep(SECOND * 4).await;
    assert_eq!(cache.rests().await, Ok((0, 100)));
    process::sleep(SECOND * 60).await;
    assert_eq!(cache.rests().await, Ok((1, 0)));
    cache.rest();
    assert_eq!(cache.rests().await, Ok((2, 0)));
}

#[test]
fn the_hibernate_function_is_a_plain_one() {
    let mut cache = Cache::init();
    cache.shrink();
    assert_eq!(cache.rests(), (1, 0));
}

/// Collects what waits and tells how much it was when there is no more.
struct Collector {
    waiting: usize,
    owner: Pid,
}

struct Batch(usize);

#[gen_server]
impl Collector {
    #[init]
    fn init(owner: Pid) -> Self {
        Collector { waiting: 0, owner }
    }

    #[handle_cast]
    fn collect(&mut self) -> Noreply {
        self.waiting += 1;
        noreply().timeout(Duration::ZERO)
    }

    #[handle_info]
    fn no_more(&mut self, _: Timeout) {
        process::send(self.owner, Batch(std::mem::take(&mut self.waiting)));
    }
}

/// There are more than the messages of one turn, as its end is not the end of what waits.
#[otp::test(start_paused)]
async fn a_time_out_of_zero_comes_at_once_behind_all_that_waits() {
    let start = Instant::now();
    let collector = Collector::start_link(process::self_pid()).await.expect("a server");
    (0..300).for_each(|_| collector.collect());
    let Batch(size) = process::receive_type().await;
    assert_eq!((size, start.elapsed()), (300, Duration::ZERO));
}
