//! Running a test, and what tests need.

use std::fmt::Write as _;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::child_spec::{Child, ChildSpec, RestartArgs};
use crate::entry::{Flavor, MainOutput, Root, kill_all, leaked};
use crate::name::Name;
use crate::node::{Handoff, Node};
use crate::process::block::{ProcessRef, display_name};
use crate::process::info;
use crate::reason::ExitReason;
use crate::supervisor::{Supervisor, SupervisorRef};
use crate::sync::Arc;

/// How a test is run; the options of `#[otp::test]`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TestOptions {
    name: &'static str,
    flavor: Flavor,
    worker_threads: usize,
    start_paused: bool,
    handoff: bool,
    timeout: Duration,
}

impl TestOptions {
    /// One thread, time that runs, and a limit of 60 seconds.
    pub const fn new(name: &'static str) -> TestOptions {
        TestOptions {
            name,
            flavor: Flavor::CurrentThread,
            worker_threads: 2,
            start_paused: false,
            handoff: false,
            timeout: Duration::from_secs(60),
        }
    }

    /// Which kind of runtime.
    pub const fn flavor(mut self, flavor: Flavor) -> TestOptions {
        self.flavor = flavor;
        self
    }

    /// How many worker threads; makes it a multi-threaded runtime.
    pub const fn worker_threads(mut self, worker_threads: usize) -> TestOptions {
        self.flavor = Flavor::MultiThread;
        self.worker_threads = worker_threads;
        self
    }

    /// Whether time stands still and jumps to the next timer when nothing else is left to do.
    pub const fn start_paused(mut self, start_paused: bool) -> TestOptions {
        self.start_paused = start_paused;
        self
    }

    /// Whether callers run waiting servers, and then whenever it is possible. Not by default. In a
    /// program it depends on how long handlers take, on which a test must not hang.
    pub const fn handoff(mut self, handoff: bool) -> TestOptions {
        self.handoff = handoff;
        self
    }

    /// How long the test may take, in real time.
    pub const fn timeout(mut self, timeout: Duration) -> TestOptions {
        self.timeout = timeout;
        self
    }

    fn runtime(&self) -> tokio::runtime::Runtime {
        let mut builder = match self.flavor {
            Flavor::CurrentThread => tokio::runtime::Builder::new_current_thread(),
            Flavor::MultiThread => {
                let mut builder = tokio::runtime::Builder::new_multi_thread();
                builder.worker_threads(self.worker_threads.max(1));
                builder
            }
        };
        assert!(
            !self.start_paused || self.flavor == Flavor::CurrentThread,
            "time can be paused on one thread only: remove `start_paused` or the flavor"
        );
        builder.enable_all().start_paused(self.start_paused);
        builder.build().unwrap_or_else(|error| panic!("the runtime could not be started: {error}"))
    }
}

/// Runs a test body as the root process of a node of its own.
///
/// # Panics
///
/// When the test fails: its body panics or returns an error, a linked process crashes, it takes too
/// long, servers wait for each other in a circle, or it leaves processes behind that nobody
/// stopped.
pub fn run_test<F, T>(options: TestOptions, body: F)
where
    F: Future<Output = T>,
    T: MainOutput,
{
    let runtime = options.runtime();
    let failure = runtime.block_on(test_root(options, body)).err();
    runtime.shutdown_background();
    match failure {
        None => {}
        Some(Failure::Panicked(message)) => std::panic::resume_unwind(Box::new(message)),
        Some(Failure::Said(message)) => panic!("{message}"),
    }
}

/// Why a test fails.
enum Failure {
    /// Its body panicked, and the panic has been printed.
    Panicked(String),
    Said(String),
}

async fn test_root<F, T>(options: TestOptions, body: F) -> Result<(), Failure>
where
    F: Future<Output = T>,
    T: MainOutput,
{
    let mut root = Root::new(body);
    let handoff = if options.handoff { Handoff::Always } else { Handoff::Never };
    root.process.head().node.set_handoff(handoff);
    let node = Arc::clone(&root.process.head().node);
    node.deadlocks.watch(true);
    let (watchdog, bitten) = watchdog(options.timeout);
    let late = root.run_until(until_hopeless(&options, &node, bitten)).await.err();
    drop(watchdog);
    if late.is_some() {
        root.cancel().await;
    }
    let outcome = root.outcome();
    let late = late.or(stop_in_time(&root, &options).await);
    let leaks = leaked(root.process.head().pid).await;
    let left = describe(&leaks);
    let immortal = kill_all(leaks).await;
    if let Some(late) = late {
        return Err(Failure::Said(late));
    }
    match outcome {
        Ok(output) => {
            output
                .into_code()
                .map_err(|error| Failure::Said(format!("the test returned an error: {error}")))?;
        }
        Err(ExitReason::Crash(crash)) => {
            return Err(Failure::Panicked(crash.message().to_owned()));
        }
        Err(reason) => {
            return Err(Failure::Said(format!(
                "the test process ended before its body did: {reason}"
            )));
        }
    }
    if !immortal.is_empty() {
        let immortal = describe(&immortal);
        return Err(Failure::Said(format!("a kill does not end these processes:{immortal}")));
    }
    if left.is_empty() {
        return Ok(());
    }
    Err(Failure::Said(format!(
        "the test left processes behind:{left}\nhelp: stop them, link them to the test with \
         `start_link`, or start them with `otp::test::start_supervised`"
    )))
}

/// Ready when there is no sense in waiting longer; says why.
async fn until_hopeless(options: &TestOptions, node: &Node, bitten: impl Future) -> String {
    let mut bitten = pin!(bitten);
    let mut deadlock = pin!(node.deadlocks.found());
    poll_fn(|task| {
        if bitten.as_mut().poll(task).is_ready() {
            return Poll::Ready(too_late(options));
        }
        deadlock
            .as_mut()
            .poll(task)
            .map(|circle| format!("deadlock: each waits for the answer of the next: {circle}"))
    })
    .await
}

/// Stops everything; what to say when that takes as long as a whole test may.
async fn stop_in_time<'a, T: 'a>(root: &Root<'a, T>, options: &TestOptions) -> Option<String> {
    let (_watchdog, bitten) = watchdog(options.timeout);
    let (mut stopping, mut bitten) = (pin!(root.stop_all()), pin!(bitten));
    poll_fn(|task| match stopping.as_mut().poll(task) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => bitten.as_mut().poll(task).map(|_| Some(too_late(options))),
    })
    .await
}

/// A thread that reports when real time is up, whatever the test's own clock says.
fn watchdog(limit: Duration) -> (std::sync::mpsc::Sender<()>, impl Future) {
    let (alive, gone) = std::sync::mpsc::channel::<()>();
    let (bite, bitten) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        if gone.recv_timeout(limit) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            let _ = bite.send(());
        }
    });
    (alive, async move {
        if bitten.await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

fn too_late(options: &TestOptions) -> String {
    let processes = crate::node::Node::expect_current().table.all();
    format!(
        "`{}` did not finish within {:?}; its processes:{}",
        options.name,
        options.timeout,
        describe(&processes)
    )
}

/// One line for each process.
fn describe(processes: &[ProcessRef]) -> String {
    let mut text = String::new();
    for process in processes {
        let pid = process.head().pid;
        let _ = write!(text, "\n  {}", display_name(&**process));
        if let Some(info) = info(pid) {
            let _ = write!(
                text,
                " {pid} ({:?}, {} messages waiting)",
                info.status, info.message_queue_len
            );
        }
    }
    text
}

/// The supervisor of a test's own children.
struct TestSupervisor;

/// Starts a child under a supervisor that ends with the test, and returns its client.
///
/// Children stop in reverse order when the test's body has ended. One that crashes is restarted as
/// its spec says.
///
/// # Panics
///
/// When the child does not start, and outside a test's body.
///
/// Elixir: `start_supervised!/1` of `ExUnit`.
pub async fn start_supervised<S: Child>(spec: ChildSpec<S>) -> S::Client
where
    S::Args: RestartArgs,
{
    let name = Name::of::<TestSupervisor>();
    let supervisor = match crate::process::whereis(name.clone()) {
        Some(_) => SupervisorRef::named(name),
        None => {
            let supervisor = Supervisor::one_for_one().max_restarts(1_000_000).name(name);
            match supervisor.start_link().await {
                Ok(supervisor) => supervisor,
                Err(error) => panic!("the test's supervisor did not start: {error}"),
            }
        }
    };
    match supervisor.start_child(spec).await {
        Ok(client) => client,
        Err(error) => panic!("`start_supervised`: {error}"),
    }
}
