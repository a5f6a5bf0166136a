//! Figures of processes and calls, through the facade [`metrics`](https://docs.rs/metrics).
//!
//! With the feature `metrics` the library counts; where the figures go is the program's choice: it
//! installs a recorder, such as that of `metrics-exporter-prometheus`. Without a recorder nothing
//! is kept.
//!
//! | name | kind | labels | what it is |
//! |---|---|---|---|
//! | `otp_call_duration_seconds` | histogram | `server`, `outcome` | how long callers waited |
//! | `otp_restarts_total` | counter | `supervisor`, `child` | restarts by a supervisor |
//! | `otp_crashes_total` | counter | `server` | processes that ended with a fault |
//! | `otp_mailbox_length` | gauge | `server` | messages that wait, at the last [`sample`] |
//! | `otp_processes` | gauge | – | processes, at the last [`sample`] |
//!
//! The `server` is the type's name without its path; it is `process` for processes that are no
//! servers. The `outcome` is `ok`, `timeout`, `no_proc`, `exited`, `overload`, `no_reply`,
//! `calling_self` or `no_connection`. The `supervisor` is its name, or `unnamed`. So the number of
//! series depends on the types and names of the program, not on how many processes it has.
//!
//! # Example
//!
//! ```
//! # mod otp { pub use otp_core::*; }
//! use std::time::Duration;
//!
//! use otp::{Supervisor, metrics::Sampler};
//!
//! # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
//! let tree = Supervisor::one_for_one().child(Sampler::child_spec(Duration::from_secs(10)));
//! tree.start_link().await.unwrap();
//! # }) }
//! ```
//!
//! # How to supervise
//!
//! A [`Sampler`] reads the gauges at an interval. It goes anywhere in the tree, as
//! `metrics::Sampler(Duration::from_secs(10))` in `supervisor!`. A program that shows its figures
//! on request may call [`sample`] there instead.
//!
//! # Names
//!
//! The sampler has its type as its name: a node needs one. Two nodes in one program, which are two
//! runtimes, overwrite each other's gauges.
//!
//! # Time-outs
//!
//! A call is measured from its first poll to its result, at the caller, time-outs included. A call
//! that is dropped, and a request sent by [`Call::send`](crate::Call::send), is not measured.
//!
//! # When not to use it
//!
//! To look at one server now, use [`sys`](crate::sys) and [`process::info`](crate::process::info).
//! Programs that never look at figures leave the feature out; then none of this is compiled.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ::metrics::{Key, Label, Level, Metadata, Unit, with_recorder};

use crate::child_spec::ChildSpec;
use crate::gen_server::{CallError, Context, GenServer, InitResult, Next, ServerRef};
use crate::message::Message;
use crate::name::{Name, short_type_name};
use crate::node::Node;
use crate::process::block::{Process, with_control};
use crate::process::current;
use crate::seam::{self, Instant};
use crate::sync::{Mutex, OnceLock};

const CALLS: &str = "otp_call_duration_seconds";
const RESTARTS: &str = "otp_restarts_total";
const CRASHES: &str = "otp_crashes_total";
const MAILBOX: &str = "otp_mailbox_length";
const PROCESSES: &str = "otp_processes";

/// What a process that is no server is called.
const NO_SERVER: &str = "process";

static METADATA: Metadata<'static> = Metadata::new("otp", Level::INFO, Some("otp"));

/// Tells the recorder what the figures mean. A [`Sampler`] does it when it starts.
pub fn describe() {
    with_recorder(|recorder| {
        let text = "How long callers waited for the result of a call";
        recorder.describe_histogram(CALLS.into(), Some(Unit::Seconds), text.into());
        let text = "Restarts of a child by its supervisor";
        recorder.describe_counter(RESTARTS.into(), Some(Unit::Count), text.into());
        let text = "Processes that ended with a fault";
        recorder.describe_counter(CRASHES.into(), Some(Unit::Count), text.into());
        let text = "Messages that wait to be handled, by type of server";
        recorder.describe_gauge(MAILBOX.into(), Some(Unit::Count), text.into());
        let text = "Processes that run";
        recorder.describe_gauge(PROCESSES.into(), Some(Unit::Count), text.into());
    });
}

/// Reads the lengths of all mailboxes and the number of processes of this node into their gauges.
///
/// The processes are not disturbed: they are read out of band, one lock at a time.
///
/// # Panics
///
/// Outside a tokio runtime.
#[track_caller]
pub fn sample() {
    static SEEN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let all = Node::expect_current().table.all();
    let mut lengths: BTreeMap<&'static str, usize> = BTreeMap::new();
    for process in &all {
        let (server, length) = with_control(&**process, |control, inbox| {
            let rare = control.get_rare();
            let saved = rare.map_or(0, |rare| rare.saved.len());
            let server = rare.and_then(|rare| rare.server).unwrap_or(NO_SERVER);
            (server, inbox.len() + process.head().held() + saved)
        });
        *lengths.entry(server).or_default() += length;
    }
    let mut seen = SEEN.lock();
    for gone in seen.iter().filter(|server| !lengths.contains_key(*server)) {
        set_gauge(&server_key(MAILBOX, gone), 0);
    }
    seen.extend(lengths.keys());
    drop(seen);
    for (server, length) in lengths {
        set_gauge(&server_key(MAILBOX, server), length);
    }
    set_gauge(&Key::from_static_name(PROCESSES), all.len());
}

/// Says what type of server a process runs.
pub(crate) fn label(process: &dyn Process, server: &'static str) {
    with_control(process, |control, _| control.rare().server = Some(server));
}

fn set_gauge(key: &Key, value: usize) {
    // Exact up to 2^53, which no mailbox reaches.
    let value = value as f64;
    with_recorder(|recorder| recorder.register_gauge(key, &METADATA).set(value));
}

fn add_one(key: &Key) {
    with_recorder(|recorder| recorder.register_counter(key, &METADATA).increment(1));
}

/// A key with the short name of a type as its only label.
fn server_key(name: &'static str, server: &'static str) -> Key {
    Key::from_parts(name, vec![Label::new("server", short_type_name(server))])
}

/// A process has ended with a fault.
#[cold]
pub(crate) fn crashed(server: Option<&'static str>) {
    add_one(&server_key(CRASHES, server.unwrap_or(NO_SERVER)));
}

/// The running supervisor has started a child again.
#[cold]
pub(crate) fn restarted(child: &str) {
    let named = current::with(|process| with_control(&**process, |c, _| c.name().cloned()));
    let supervisor = named.flatten().map_or_else(|| "unnamed".to_owned(), |name| name.to_string());
    let labels = vec![Label::new("supervisor", supervisor), Label::new("child", child.to_owned())];
    add_one(&Key::from_parts(RESTARTS, labels));
}

/// What can become of a call, as it is labelled.
const OUTCOMES: [&str; 8] =
    ["ok", "timeout", "no_proc", "exited", "overload", "no_reply", "calling_self", "no_connection"];

/// The place of an outcome in [`OUTCOMES`].
fn outcome(error: Option<&CallError>) -> usize {
    match error {
        None => 0,
        Some(CallError::Timeout) => 1,
        Some(CallError::NoProc) => 2,
        Some(CallError::Exited(_)) => 3,
        Some(CallError::Overload) => 4,
        Some(CallError::NoReply) => 5,
        Some(CallError::CallingSelf) => 6,
        Some(CallError::NoConnection) => 7,
    }
}

/// The keys of one type of server, made at its first call and kept for good, so that a call makes
/// no labels.
type CallKeys = [Key; OUTCOMES.len()];

fn call_keys<S: GenServer>() -> &'static CallKeys {
    static ALL: OnceLock<papaya::HashMap<TypeId, &'static CallKeys>> = OnceLock::new();
    let all = ALL.get_or_init(papaya::HashMap::new).pin();
    all.get_or_insert_with(TypeId::of::<S>(), || {
        let server = short_type_name(std::any::type_name::<S>());
        Box::leak(Box::new(OUTCOMES.map(|outcome| {
            let labels = vec![Label::new("server", server.clone()), Label::new("outcome", outcome)];
            Key::from_parts(CALLS, labels)
        })))
    })
}

/// Measures one call.
#[derive(Default)]
pub(crate) struct Stopwatch(Option<Instant>);

impl Stopwatch {
    /// Starts it, unless it runs.
    #[inline]
    pub(crate) fn start(&mut self) {
        if self.0.is_none() {
            self.0 = Some(seam::now());
        }
    }

    /// Records how long the call took.
    pub(crate) fn stop<S: GenServer>(&mut self, error: Option<&CallError>) {
        let Some(begun) = self.0.take() else { return };
        let took = seam::now().duration_since(begun).as_secs_f64();
        let key = &call_keys::<S>()[outcome(error)];
        // The recorder is asked each time, as it may have been installed only now.
        with_recorder(|recorder| recorder.register_histogram(key, &METADATA).record(took));
    }
}

/// A server that calls [`sample`] at an interval.
#[derive(Debug)]
pub struct Sampler {
    interval: Duration,
}

/// It is time to sample.
struct Tick;

impl Sampler {
    /// A sampler as a permanent child. It samples when it starts, and after each interval.
    pub fn child_spec(interval: Duration) -> ChildSpec<Sampler> {
        ChildSpec::new(interval)
    }
}

impl GenServer for Sampler {
    type Args = Duration;
    type Request = crate::Never;
    type Continue = crate::Never;
    type Client = ServerRef<Sampler>;

    fn name(_: &Duration) -> Option<Name> {
        Some(Name::of::<Sampler>())
    }

    async fn init(interval: Duration, cx: &mut Context<Self>) -> InitResult<Self> {
        describe();
        sample();
        cx.send_after(interval, Tick);
        InitResult::ok(Sampler { interval })
    }

    async fn handle(&mut self, request: crate::Never, _: &mut Context<Self>) -> Next<Self> {
        match request {}
    }

    async fn handle_info(&mut self, message: Message, cx: &mut Context<Self>) -> Next<Self> {
        if !message.is::<Tick>() {
            return crate::gen_server::unhandled(message, cx);
        }
        sample();
        cx.send_after(self.interval, Tick);
        Next::wait()
    }
}
