//! Requests that are waited for later, bounded mailboxes, recipients, and work beside a server.

mod support;

use std::time::Duration;

use otp_core::{
    CallError, CollectionError, Context, Exit, ExitReason, Full, FullCall, GenServer, HandleInfo,
    InitResult, Instant, Limit, Mailbox, Message, Never, Next, Recipient, ReplyTo,
    RequestCollection, ServerOptions, ServerRef, Start, TryCastError, process,
};
use support::{Plan, Request, paused, threaded};

const SECOND: Duration = Duration::from_secs(1);

/// GS-REQ-01, GS-REQ-02, GS-REQ-07
#[test]
fn a_wait_that_times_out_keeps_the_request_and_a_receive_gives_it_up() {
    paused(async {
        let server = Plan::new("a").start_link().await;
        let slow = || server.call(|caller| Request::Sleep(SECOND * 3, caller)).send();
        let mut request = slow();
        assert_eq!(request.check(), None);
        assert_eq!(request.wait(SECOND).await, Err(CallError::Timeout));
        assert_eq!(request.wait(Instant::now() + SECOND).await, Err(CallError::Timeout));
        assert_eq!(request.wait(Limit::Infinity).await, Ok("slept"));
        assert_eq!(slow().receive(SECOND).await, Err(CallError::Timeout));
        let start = Instant::now();
        assert_eq!(server.call(Request::Ping).await, Ok("pong")); // it went on all the same
        assert_eq!(start.elapsed(), SECOND * 2);
        let by_deadline = server.call(Request::Hold).timeout(Instant::now() + SECOND);
        assert_eq!(by_deadline.await, Err(CallError::Timeout));
    });
}

/// GS-REQ-01, GS-REQ-06
#[test]
fn a_request_tells_the_servers_end_when_it_is_waited_for() {
    paused(async {
        let server = Plan::new("a").start().await;
        let held = server.call(Request::Hold).send();
        server.stop().reason(ExitReason::Shutdown).await.unwrap();
        assert_eq!(held.await, Err(CallError::Exited(ExitReason::Shutdown)));
        let mut late = server.call(Request::Ping).send(); // no error here
        assert_eq!(late.check(), Some(Err(CallError::NoProc)));
        assert_eq!(late.receive(SECOND).await, Err(CallError::NoProc));
    });
}

/// GS-REQ-03, GS-REQ-04, GS-REQ-05
#[test]
fn a_collection_gives_answers_in_the_order_in_which_they_come() {
    paused(async {
        let mut requests = RequestCollection::new();
        assert_eq!(requests.wait(SECOND).await.err(), Some(CollectionError::Empty));
        let mut servers = Vec::new();
        for (label, seconds) in [("slow", 3), ("fast", 1), ("middle", 2)] {
            let server = Plan::new("s").start_link().await;
            let call = server.call(|caller| Request::Sleep(SECOND * seconds, caller));
            requests.add(call.send(), label);
            servers.push(server);
        }
        let dead = Plan::new("dead").start().await;
        requests.add(dead.call(|caller| Request::Exit(ExitReason::error("x"), caller)).send(), "x");
        assert_eq!((requests.len(), requests.check().is_none()), (4, true));
        let crashed = Err(CallError::Exited(ExitReason::error("x")));
        assert_eq!(requests.wait(SECOND * 9).await, Ok(("x", crashed)));
        assert_eq!(requests.wait(SECOND / 2).await, Err(CollectionError::Timeout));
        for label in ["fast", "middle"] {
            assert_eq!(requests.wait(Limit::Infinity).await, Ok((label, Ok("slept"))));
        }
        assert_eq!(requests.len(), 1);
        assert_eq!(requests.receive(SECOND / 2).await, Err(CollectionError::Timeout));
        assert!(requests.is_empty(), "a receive that times out gives all of them up");
    });
}

/// A server whose turn can be held, with a bounded mailbox.
struct Bounded<const OLDEST: bool, const WAIT: bool> {
    seen: Vec<u32>,
}

enum Ask {
    Hold(ReplyTo<()>),
    Seen(ReplyTo<Vec<u32>>),
    Note(u32),
}

impl<const OLDEST: bool, const WAIT: bool> GenServer for Bounded<OLDEST, WAIT> {
    type Args = ();
    type Request = Ask;
    type Continue = Never;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = ServerOptions::new().mailbox(
        Mailbox::bounded(2)
            .full(if OLDEST { Full::DropOldest } else { Full::DropNewest })
            .calls(if WAIT { FullCall::Wait } else { FullCall::Refuse }),
    );

    fn is_call(request: &Ask) -> bool {
        !matches!(request, Ask::Note(_))
    }

    async fn init(_: (), _: &mut Context<Self>) -> InitResult<Self> {
        InitResult::ok(Bounded { seen: Vec::new() })
    }

    async fn handle(&mut self, request: Ask, _: &mut Context<Self>) -> Next<Self> {
        match request {
            Ask::Hold(caller) => {
                process::sleep(SECOND).await;
                Next::answer(caller, ())
            }
            Ask::Seen(caller) => Next::answer(caller, self.seen.clone()),
            Ask::Note(number) => {
                self.seen.push(number);
                Next::wait()
            }
        }
    }
}

/// Starts a server that is busy for a second.
async fn busy<const OLDEST: bool, const WAIT: bool>() -> ServerRef<Bounded<OLDEST, WAIT>> {
    let server = Start::<Bounded<OLDEST, WAIT>>::link(()).await.unwrap();
    let held = server.call(Ask::Hold).send();
    tokio::task::yield_now().await;
    tokio::spawn(held);
    server
}

#[test]
fn a_full_mailbox_drops_the_newest_or_the_oldest_cast_and_counts_it() {
    paused(async {
        let server = busy::<false, false>().await;
        (1..=4).for_each(|number| server.cast(Ask::Note(number)));
        let info = process::info(server.pid().unwrap()).unwrap();
        assert_eq!((info.message_queue_len, info.dropped), (2, 2));
        process::sleep(SECOND * 2).await;
        assert_eq!(server.call(Ask::Seen).await, Ok(vec![1, 2]));

        let server = busy::<true, false>().await;
        (1..=4).for_each(|number| server.cast(Ask::Note(number)));
        process::sleep(SECOND * 2).await;
        assert_eq!(server.call(Ask::Seen).await, Ok(vec![3, 4]));

        let server = busy::<true, false>().await;
        let calls = [server.call(Ask::Hold).send(), server.call(Ask::Hold).send()];
        server.cast(Ask::Note(1)); // calls are never dropped
        for call in calls {
            assert_eq!(call.await, Ok(()));
        }
        assert_eq!(server.call(Ask::Seen).await, Ok(vec![]));
    });
}

#[test]
fn a_full_mailbox_refuses_calls_or_has_them_wait() {
    paused(async {
        let server = busy::<false, false>().await;
        (1..=2).for_each(|number| server.cast(Ask::Note(number)));
        assert_eq!(server.call(Ask::Seen).await, Err(CallError::Overload));
        assert_eq!(server.call(Ask::Seen).send().await, Err(CallError::Overload));
        let full = server.try_cast(Ask::Note(3));
        assert!(matches!(full, Err(TryCastError::Full(Ask::Note(3)))));
        process::send(server.pid().unwrap(), "messages never count");
        let start = Instant::now();
        server.cast_wait(Ask::Note(4)).await.unwrap();
        assert_eq!(start.elapsed(), SECOND);
        assert_eq!(server.call(Ask::Seen).await, Ok(vec![1, 2, 4]));

        let server = busy::<false, true>().await;
        (1..=2).for_each(|number| server.cast(Ask::Note(number)));
        let late = server.call(Ask::Seen).timeout(SECOND / 2);
        assert_eq!(late.await, Err(CallError::Timeout));
        assert_eq!(server.call(Ask::Seen).await, Ok(vec![1, 2]));
    });
}

#[test]
fn those_who_wait_for_a_place_learn_that_the_server_ended() {
    paused(async {
        let server = busy::<false, true>().await;
        (1..=2).for_each(|number| server.cast(Ask::Note(number)));
        let (call, cast) = (server.call(Ask::Seen), server.clone());
        let call = tokio::spawn(call);
        let cast = tokio::spawn(async move { cast.cast_wait(Ask::Note(3)).await });
        tokio::task::yield_now().await;
        let pid = server.pid().unwrap();
        process::unlink(pid);
        process::send_exit(pid, ExitReason::Kill);
        assert_eq!(call.await.unwrap(), Err(CallError::NoProc));
        assert_eq!(cast.await.unwrap(), Err(otp_core::NoProc));
        assert!(matches!(server.try_cast(Ask::Note(4)), Err(TryCastError::NoProc(_))));
    });
}

#[test]
fn nothing_is_lost_when_many_wait_for_a_place() {
    threaded(async {
        let server = Start::<Bounded<false, true>>::link(()).await.unwrap();
        let senders: Vec<_> = (0..8)
            .map(|sender| {
                let server = server.clone();
                tokio::spawn(async move {
                    for number in 0..100 {
                        server.cast_wait(Ask::Note(sender * 100 + number)).await.unwrap();
                    }
                })
            })
            .collect();
        for sender in senders {
            sender.await.unwrap();
        }
        let mut seen = server.call(Ask::Seen).await.unwrap();
        seen.sort_unstable();
        assert_eq!(seen, (0..800).collect::<Vec<_>>());
        assert_eq!(process::info(server.pid().unwrap()).unwrap().dropped, 0);
    });
}

/// A server that does slow things beside itself.
struct Piper {
    owner: Recipient<&'static str>,
}

enum Pipe {
    Slow,
    Panic,
    Ping(ReplyTo<()>),
    Stop,
}

struct Done(&'static str);

impl HandleInfo<Done> for Piper {}

impl GenServer for Piper {
    type Args = (Recipient<&'static str>, bool);
    type Request = Pipe;
    type Continue = Never;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = ServerOptions::new().hibernate_after(SECOND);

    async fn init((owner, trap): Self::Args, cx: &mut Context<Self>) -> InitResult<Self> {
        cx.trap_exit(trap);
        InitResult::ok(Piper { owner }).hibernate()
    }

    async fn handle(&mut self, request: Pipe, cx: &mut Context<Self>) -> Next<Self> {
        match request {
            Pipe::Slow => {
                let slow = async {
                    process::sleep(SECOND * 5).await;
                    "slow"
                };
                cx.pipe(slow, Done);
                Next::wait()
            }
            Pipe::Panic => {
                cx.pipe(async { panic!("beside") }, Done);
                Next::wait()
            }
            Pipe::Ping(caller) => Next::answer(caller, ()),
            Pipe::Stop => Next::stop(ExitReason::Normal),
        }
    }

    async fn handle_info(&mut self, message: Message, _: &mut Context<Self>) -> Next<Self> {
        match message.downcast::<Done>() {
            Ok(Done(text)) => self.owner.send(text),
            Err(message) if message.is::<Exit>() => self.owner.send("exit"),
            Err(_) => self.owner.send("something else"),
        }
        Next::wait()
    }

    fn hibernate(&mut self) {
        self.owner.send("hibernated");
    }
}

async fn said() -> &'static str {
    process::receive_type().await
}

#[test]
fn work_beside_a_server_comes_back_as_a_message_and_ends_with_the_server() {
    paused(async {
        let me = Recipient::of(process::self_pid());
        let piper = Start::<Piper>::link((me.clone(), true)).await.unwrap();
        assert_eq!(said().await, "hibernated"); // as `init` asked for
        piper.cast(Pipe::Slow);
        assert_eq!(piper.call(Pipe::Ping).await, Ok(())); // it stays free
        assert_eq!(said().await, "hibernated"); // a second without a message
        assert_eq!(said().await, "slow");
        assert_eq!(said().await, "hibernated");
        assert_eq!(process::list().len(), 2, "the helper is gone");
        piper.cast(Pipe::Panic);
        assert_eq!(said().await, "exit");
        piper.stop().await.unwrap();

        let piper = Start::<Piper>::alone((me.clone(), false)).await.unwrap();
        piper.cast(Pipe::Panic);
        let reason = process::join(piper.pid().unwrap()).await.unwrap();
        assert!(reason.is_crash(), "a link like any other");

        let piper = Start::<Piper>::alone((me, false)).await.unwrap();
        piper.cast(Pipe::Slow);
        piper.cast(Pipe::Stop);
        process::join(piper.pid().unwrap()).await;
        let still = |all: Vec<_>| all.len() == 1;
        while !still(process::list()) {
            tokio::task::yield_now().await; // the helper ends with its server
        }
    });
}

#[test]
fn a_recipient_stands_for_a_process_or_a_name() {
    paused(async {
        let me = Recipient::<&'static str>::of(process::self_pid());
        let piper = Start::<Piper>::link((me.clone(), false)).name("piper").await.unwrap();
        let by_pid: Recipient<Done> = piper.recipient();
        let by_name: Recipient<Done> = ServerRef::<Piper>::named("piper").recipient();
        by_pid.send(Done("by pid"));
        by_name.send(Done("by name"));
        assert_eq!(said().await, "hibernated");
        assert_eq!((said().await, said().await), ("by pid", "by name"));
        assert_eq!((by_pid.pid(), by_name.pid()), (piper.pid(), piper.pid()));
        assert_ne!(by_pid, by_name);
        piper.stop().await.unwrap();
        by_name.send(Done("nobody hears it"));
        assert_eq!((by_name.pid(), by_pid.is_alive()), (None, false));
    });
}
