//! `#[derive(GenServer)]`: servers that hold something and handle nothing.

// As in a library, where others see the types.
#![allow(unreachable_pub)]

use std::fmt::Debug;
use std::sync::Mutex;
use std::time::Duration;

use otp::prelude::*;

/// Tells its owner when it is dropped, as a connection would be closed.
#[derive(Clone, Debug, GenServer)]
#[server(name, restart = transient, shutdown = 10s)]
pub struct Session {
    user: String,
    owner: Pid,
}

#[derive(Debug, PartialEq)]
struct Closed(String);

impl Drop for Session {
    fn drop(&mut self) {
        process::send(self.owner, Closed(self.user.clone()));
    }
}

#[derive(Debug, GenServer)]
#[server(trap_exit)]
#[server(significant)]
enum Lock<T, const N: usize = 1>
where
    T: Debug,
{
    Free,
    Held([T; N]),
}

/// Not `Clone`, so it can be started, but not be supervised.
#[derive(GenServer)]
pub(crate) struct Once;

async fn closed() -> Closed {
    let message = process::receive().await;
    message.downcast::<Closed>().expect("a closed session")
}

fn session(user: &str) -> Session {
    Session { user: user.to_owned(), owner: process::self_pid() }
}

#[test]
fn the_options_are_those_of_the_trait() {
    assert_eq!(Session::OPTIONS.restart, Restart::Transient);
    assert_eq!(Session::OPTIONS.shutdown, Shutdown::After(Duration::from_secs(10)));
    let session = Session::OPTIONS;
    assert!(!session.trap_exit && !session.significant);
    let lock = Lock::<u8>::OPTIONS;
    assert!(lock.trap_exit && lock.significant);
    assert_eq!(Once::OPTIONS.restart, Restart::Permanent);
}

#[otp::test]
async fn it_starts_with_its_state_under_its_name() {
    let first: ServerRef<Session> = Session::start_link(session("ann")).await.expect("a server");
    assert_eq!(Session::client().pid(), first.pid());
    let second = Session::start(session("bob")).name("second").await.expect("a server");
    assert_eq!(Session::named("second").pid(), second.pid());
    let taken = Session::start(session("eve")).await.expect_err("the name is taken");
    assert_eq!(taken, StartError::AlreadyStarted(first.pid().expect("alive")));
    assert_eq!(closed().await, Closed("eve".into()));
    for (server, user) in [(first, "ann"), (second, "bob")] {
        server.stop().await.expect("stopped");
        assert_eq!(closed().await, Closed(user.into()));
    }
    assert_eq!(Session::client().pid(), None);
}

#[otp::test]
async fn enums_and_generic_types_are_servers_too() {
    let free = Lock::<u8>::start_link(Lock::Free).await.expect("a server");
    let held = Lock::start(Lock::Held(["a", "b"])).await.expect("a server");
    assert!(free.is_alive() && held.is_alive());
    process::send_exit(held.pid().expect("alive"), ExitReason::Shutdown);
    held.stop().await.expect("the exit signal was a message, and the stop came behind it");
    Once::start_link(Once).await.expect("a server").stop().await.expect("stopped");
}

#[otp::test]
async fn a_supervisor_starts_it_again_with_the_same_state() {
    let supervisor = Supervisor::one_for_one().child(Session::child_spec(session("ann")));
    let supervisor = supervisor.start_link().await.expect("the tree starts");
    let before = Session::client().pid().expect("alive");
    process::send_exit(before, ExitReason::error("lost"));
    assert_eq!(closed().await, Closed("ann".into()));
    while Session::client().pid().is_none_or(|pid| pid == before) {
        process::sleep(Duration::from_millis(1)).await;
    }
    // A transient child that ends well is not started again.
    Session::client().stop().await.expect("stopped");
    assert_eq!(closed().await, Closed("ann".into()));
    assert_eq!(supervisor.count_children().await.expect("counts").active, 0);
}

/// The message types that reports of unhandled messages have named.
static UNHANDLED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A subscriber that notes them.
struct Notes;

impl tracing::Subscriber for Notes {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "otp::unhandled"
    }

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut Fields);
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

struct Fields;

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn Debug) {
        if field.name() == "message_type" {
            UNHANDLED.lock().expect("the notes").push(format!("{value:?}"));
        }
    }
}

#[otp::test]
async fn messages_are_logged_and_dropped() {
    struct Unexpected;
    tracing::subscriber::set_global_default(Notes).expect("no other subscriber");
    let server = Once::start_link(Once).await.expect("a server");
    process::send(server.pid().expect("alive"), Unexpected);
    server.stop().await.expect("it went on");
    let unhandled = UNHANDLED.lock().expect("the notes");
    let ours = unhandled.iter().filter(|name| name.contains("Unexpected"));
    assert_eq!(ours.count(), 1, "{unhandled:?}");
}
