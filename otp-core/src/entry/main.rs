//! Running a program.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::task::Poll;
use std::time::Duration;

use crate::application::{Application, Erased, start_first};
use crate::entry::{Flavor, MainOutput, Root, kill_all, signals};
use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::{ProcessRef, display_name, with_control};
use crate::reason::ExitReason;
use crate::seam::{self, Instant};
use crate::supervisor::shutdown::within;
use crate::sync::Arc;

/// How a program is run; the options of `#[otp::main]`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct MainOptions {
    flavor: Flavor,
    worker_threads: Option<usize>,
    shutdown: Duration,
    stop_limit: Option<Duration>,
}

impl MainOptions {
    /// Several worker threads, ten seconds for the body to finish.
    pub const fn new() -> MainOptions {
        let shutdown = Duration::from_secs(10);
        MainOptions {
            flavor: Flavor::MultiThread,
            worker_threads: None,
            shutdown,
            stop_limit: None,
        }
    }

    /// Which kind of runtime.
    pub const fn flavor(mut self, flavor: Flavor) -> MainOptions {
        self.flavor = flavor;
        self
    }

    /// How many worker threads; as many as cores if nothing is said.
    pub const fn worker_threads(mut self, worker_threads: usize) -> MainOptions {
        self.worker_threads = Some(worker_threads);
        self
    }

    /// How long the body may take to finish after a signal that it listens to.
    pub const fn shutdown(mut self, shutdown: Duration) -> MainOptions {
        self.shutdown = shutdown;
        self
    }

    /// How long everything may take to stop, from the signal or the end of the body on. What is
    /// left then is killed. Without it there is no limit, as in OTP.
    ///
    /// Elixir: `shutdown_timeout` of the application `kernel`.
    pub const fn stop_limit(mut self, stop_limit: Duration) -> MainOptions {
        self.stop_limit = Some(stop_limit);
        self
    }
}

impl Default for MainOptions {
    fn default() -> MainOptions {
        MainOptions::new()
    }
}

/// Runs a body as the root process of a new runtime, then stops what it has started, last first.
///
/// SIGINT and SIGTERM end the body; a second SIGINT ends the program at once. The exit code is 0
/// after a clean stop and 1 otherwise: when the body failed or panicked, when a linked process
/// crashed, when an application ended that ends the program, or when something did not end in time.
pub fn run_main<F, T>(options: MainOptions, body: F) -> ExitCode
where
    F: Future<Output = T>,
    T: MainOutput,
{
    run(options, None, body)
}

/// As [`run_main`], with an application and all that it needs around the body.
///
/// They are started before the body, as permanent ones. If one of them does not start, the body
/// never runs.
pub fn run_application<A, F, T>(options: MainOptions, app: A, body: F) -> ExitCode
where
    A: Application,
    F: Future<Output = T>,
    T: MainOutput,
{
    run(options, Some(Arc::new(app)), body)
}

fn run<F, T>(options: MainOptions, app: Option<Arc<dyn Erased>>, body: F) -> ExitCode
where
    F: Future<Output = T>,
    T: MainOutput,
{
    let mut builder = match options.flavor {
        Flavor::CurrentThread => tokio::runtime::Builder::new_current_thread(),
        Flavor::MultiThread => tokio::runtime::Builder::new_multi_thread(),
    };
    if let Some(threads) = options.worker_threads {
        builder.worker_threads(threads.max(1));
    }
    let runtime = match builder.enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("Error: the runtime could not be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(async {
        let root = pin!(run_root(options, app, body));
        unless_asked_twice(root).await
    });
    // Threads that still block, in a read of standard input for example, must not hold us up.
    runtime.shutdown_background();
    code
}

/// Runs until the end, or gives up at once at the second interrupt.
async fn unless_asked_twice(mut root: Pin<&mut impl Future<Output = ExitCode>>) -> ExitCode {
    let mut second = pin!(signals::second());
    poll_fn(|task| match root.as_mut().poll(task) {
        Poll::Ready(code) => Poll::Ready(code),
        Poll::Pending => second.as_mut().poll(task).map(|()| {
            crate::report::mute();
            eprintln!("Error: stopped at once by a second signal");
            ExitCode::FAILURE
        }),
    })
    .await
}

/// How far the program has come when it is to be stopped.
enum End {
    /// The application did not start; the message has been printed.
    NotStarted,
    /// The body has ended by itself.
    Body,
    /// The body was asked to end; whether it did so in time.
    Asked { in_time: bool },
}

async fn run_root<F, T>(options: MainOptions, app: Option<Arc<dyn Erased>>, body: F) -> ExitCode
where
    F: Future<Output = T>,
    T: MainOutput,
{
    let mut root = Root::new(body);
    let node = Arc::clone(&root.process.head().node);
    node.applications.belong_to_root();
    signals::listen();
    let started = start_application(&node, app).await;
    let (end, since) = if started {
        run_body(&mut root, &options).await
    } else {
        let since = seam::now();
        root.cancel().await;
        (End::NotStarted, since)
    };
    let outcome = root.outcome();
    let stopped = stop_within(&root, options.stop_limit, since).await;
    crate::report::flush(&node);
    let code = exit_code(&options, end, outcome);
    if let Some(terminated) = node.applications.termination() {
        eprintln!("Error: {terminated}");
        return ExitCode::FAILURE;
    }
    if stopped { code } else { ExitCode::FAILURE }
}

/// Starts the application, if there is one. Says why when that does not succeed.
async fn start_application(node: &Arc<Node>, app: Option<Arc<dyn Erased>>) -> bool {
    let Some(app) = app else { return true };
    let mut starting = pin!(start_first(node, app));
    let mut asked = pin!(signals::first());
    let outcome = poll_fn(|task| match starting.as_mut().poll(task) {
        Poll::Ready(outcome) => Poll::Ready(outcome.map_err(|error| error.to_string())),
        Poll::Pending => asked.as_mut().poll(task).map(|()| {
            let names = node.applications.starting().join("`, `");
            Err(format!("the program was asked to end during the start of `{names}`"))
        }),
    });
    match outcome.await {
        Ok(()) => true,
        Err(message) => {
            eprintln!("Error: {message}");
            false
        }
    }
}

/// Runs the body; gives how it ended, and when the end began.
async fn run_body<'a, T: 'a>(root: &mut Root<'a, T>, options: &MainOptions) -> (End, Instant) {
    if root.run_until(signals::first()).await.is_ok() {
        return (End::Body, seam::now());
    }
    let since = seam::now();
    let listens = signals::body_listens();
    let time = options.stop_limit.map_or(options.shutdown, |limit| limit.min(options.shutdown));
    let finished = listens && root.run_until(seam::sleep(time)).await.is_ok();
    if !finished {
        root.cancel().await;
    }
    (End::Asked { in_time: finished || !listens }, since)
}

/// Stops everything; whether nothing had to be killed because time was up.
async fn stop_within<'a, T: 'a>(
    root: &Root<'a, T>,
    limit: Option<Duration>,
    since: Instant,
) -> bool {
    let Some(limit) = limit else {
        root.stop_all().await;
        return true;
    };
    // At least one turn, also when the body has used up all the time.
    let left = limit.saturating_sub(seam::now().duration_since(since));
    let stopping = Box::pin(root.stop_all());
    if within(left.max(Duration::from_millis(1)), stopping).await.is_some() {
        return true;
    }
    let root = root.process.head().pid;
    let mut left = root_node_processes(root);
    let names: Vec<String> = left.iter().map(described).collect();
    eprintln!("Error: not stopped within {limit:?}, so killed: {}", listed(&names));
    left = kill_all(left).await;
    if !left.is_empty() {
        let names: Vec<String> = left.iter().map(described).collect();
        eprintln!("Error: a kill does not end {}", listed(&names));
    }
    false
}

/// All processes but the root and those that nobody minds.
fn root_node_processes(root: Pid) -> Vec<ProcessRef> {
    let mut all = Node::expect_current().table.all();
    all.retain(|process| process.head().pid != root && !process.head().is_daemon());
    all
}

/// A process by name or pid, and by its label if it has one.
fn described(process: &ProcessRef) -> String {
    let name = display_name(&**process);
    let label = with_control(&**process, |control, _| {
        control.get_rare().and_then(|rare| rare.label.clone())
    });
    label.map_or_else(|| name.clone(), |label| format!("{label} ({name})"))
}

/// The first names of many.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 10;
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// The exit code, and the message that goes with it.
fn exit_code<T: MainOutput>(
    options: &MainOptions,
    end: End,
    outcome: Result<T, ExitReason>,
) -> ExitCode {
    match (outcome, end) {
        (_, End::NotStarted) => ExitCode::FAILURE,
        (Ok(output), _) => output.into_code().unwrap_or_else(|error| {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }),
        (Err(ExitReason::Shutdown), End::Asked { in_time: true }) => ExitCode::SUCCESS,
        (Err(ExitReason::Shutdown), End::Asked { in_time: false }) => {
            eprintln!("Error: the program did not finish within {:?}", options.shutdown);
            ExitCode::FAILURE
        }
        (Err(ExitReason::Crash(_)), _) => ExitCode::FAILURE, // printed where it happened
        (Err(reason), _) => {
            eprintln!("Error: the main process ended: {reason}");
            if reason == ExitReason::Normal { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
    }
}
