//! Hibernation: asked for by a callback, or by itself after a time without messages.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use otp_core::{
    Context, GenServer, InitResult, Message, Next, ReplyTo, ServerOptions, ServerRef, Start,
    noreply, process, reply,
};
use support::paused;

const SECOND: Duration = Duration::from_secs(1);

/// How long an idle `Sleeper<true>` stays awake.
const IDLE: Duration = Duration::from_secs(10);

/// A server that counts how often it hibernates, and does so by itself if `BY_ITSELF` is set.
struct Sleeper<const BY_ITSELF: bool> {
    slept: Arc<AtomicUsize>,
    text: String,
}

enum Ask {
    /// Answers with the text, and hibernates if asked to.
    Text(bool, ReplyTo<String>),
    Rename(&'static str),
    Within(Duration),
}

struct Nudge;

impl<const BY_ITSELF: bool> GenServer for Sleeper<BY_ITSELF> {
    type Args = Arc<AtomicUsize>;
    type Request = Ask;
    type Continue = Nudge;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = match BY_ITSELF {
        true => ServerOptions::new().hibernate_after(IDLE),
        false => ServerOptions::new(),
    };

    async fn init(slept: Arc<AtomicUsize>, _: &mut Context<Self>) -> InitResult<Self> {
        let state = InitResult::ok(Sleeper { slept, text: "first".to_owned() });
        if BY_ITSELF { state } else { state.hibernate() }
    }

    async fn handle(&mut self, request: Ask, _: &mut Context<Self>) -> Next<Self> {
        match request {
            Ask::Text(false, caller) => Next::answer(caller, self.text.clone()),
            Ask::Text(true, caller) => Next::answer(caller, reply(self.text.clone()).hibernate()),
            Ask::Rename(text) => {
                self.text = text.to_owned();
                Next::after(noreply().hibernate())
            }
            Ask::Within(limit) => Next::after(noreply().timeout(limit)),
        }
    }

    async fn handle_info(&mut self, message: Message, _: &mut Context<Self>) -> Next<Self> {
        if message.is::<Nudge>() {
            return Next::after(noreply().continue_with(Nudge));
        }
        self.text.push_str(" late");
        Next::wait()
    }

    async fn handle_continue(&mut self, _: Nudge, _: &mut Context<Self>) -> Next<Self> {
        self.text.push('!');
        Next::after(noreply().hibernate())
    }

    fn hibernate(&mut self) {
        self.slept.fetch_add(1, Ordering::Relaxed);
        self.text.shrink_to_fit();
    }
}

/// A server, and how often it has hibernated since the last question.
async fn start<const BY_ITSELF: bool>() -> (ServerRef<Sleeper<BY_ITSELF>>, impl Fn() -> usize) {
    let slept = Arc::new(AtomicUsize::new(0));
    let server = Start::<Sleeper<BY_ITSELF>>::link(Arc::clone(&slept)).await.unwrap();
    (server, move || slept.swap(0, Ordering::Relaxed))
}

async fn text<const BY_ITSELF: bool>(server: &ServerRef<Sleeper<BY_ITSELF>>) -> String {
    server.call(|caller| Ask::Text(false, caller)).await.unwrap()
}

/// GS-HIB-01: each callback can ask for it, and each message ends it.
#[test]
fn a_server_that_hibernates_keeps_its_state() {
    paused(async {
        let (server, slept) = start::<false>().await;
        let pid = server.pid().unwrap();
        assert_eq!(text(&server).await, "first");
        assert_eq!(slept(), 1, "after `init`");
        process::sleep(IDLE * 9).await;
        assert_eq!(slept(), 0, "only when asked");
        assert_eq!(server.call(|caller| Ask::Text(true, caller)).await.unwrap(), "first");
        process::sleep(SECOND).await;
        assert_eq!(slept(), 1, "after a call");
        server.cast(Ask::Rename("second"));
        process::sleep(SECOND).await;
        assert_eq!(slept(), 1, "after a cast");
        process::send(pid, Nudge);
        process::sleep(SECOND).await;
        assert_eq!(slept(), 1, "after a continuation");
        server.cast(Ask::Rename("third"));
        process::send(pid, Nudge);
        assert_eq!(text(&server).await, "third!");
        assert_eq!(slept(), 2, "with messages waiting, too");
    });
}

/// GS-HIB-02: every message starts the time anew, and nobody notices the sleep.
#[test]
fn an_idle_server_hibernates_by_itself() {
    paused(async {
        let (server, slept) = start::<true>().await;
        for _ in 0..5 {
            process::sleep(IDLE - SECOND).await;
            assert_eq!(text(&server).await, "first");
        }
        assert_eq!(slept(), 0, "it was never idle for so long");
        process::sleep(IDLE + SECOND).await;
        assert_eq!(slept(), 1);
        process::sleep(IDLE * 9).await;
        assert_eq!(slept(), 0, "it sleeps already");
        process::send(server.pid().unwrap(), Nudge);
        assert_eq!(text(&server).await, "first!");
        assert_eq!(slept(), 1, "asked for by the continuation");
        process::sleep(IDLE + SECOND).await;
        assert_eq!(slept(), 1, "and by itself again");
    });
}

/// A time-out that a callback asked for is no idle time.
#[test]
fn a_server_with_a_time_out_stays_awake() {
    paused(async {
        let (server, slept) = start::<true>().await;
        server.cast(Ask::Within(IDLE * 3));
        process::sleep(IDLE * 2).await;
        assert_eq!(slept(), 0);
        process::sleep(IDLE + SECOND).await;
        assert_eq!(text(&server).await, "first late");
    });
}
