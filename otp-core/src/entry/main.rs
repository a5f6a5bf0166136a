//! Running a program.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::process::ExitCode;
use std::task::Poll;
use std::time::Duration;

use crate::entry::{Flavor, MainOutput, Root, signals};
use crate::reason::ExitReason;
use crate::seam;

/// How a program is run; the options of `#[otp::main]`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct MainOptions {
    flavor: Flavor,
    worker_threads: Option<usize>,
    shutdown: Duration,
}

impl MainOptions {
    /// Several worker threads, ten seconds to stop.
    pub const fn new() -> MainOptions {
        let shutdown = Duration::from_secs(10);
        MainOptions { flavor: Flavor::MultiThread, worker_threads: None, shutdown }
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
}

impl Default for MainOptions {
    fn default() -> MainOptions {
        MainOptions::new()
    }
}

/// Runs a body as the root process of a new runtime, then stops what it has started, last first.
///
/// SIGINT and SIGTERM end the body; a second one ends the program at once. The exit code is 0 after
/// a clean stop and 1 otherwise: when the body failed or panicked, when a linked process crashed,
/// or when the body did not finish in time.
pub fn run_main<F, T>(options: MainOptions, body: F) -> ExitCode
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
        let root = pin!(run_root(options, body));
        unless_asked_twice(root).await
    });
    // Threads that still block, in a read of standard input for example, must not hold us up.
    runtime.shutdown_background();
    code
}

/// Runs until the end, or gives up at once at the second signal.
async fn unless_asked_twice(
    mut root: std::pin::Pin<&mut impl Future<Output = ExitCode>>,
) -> ExitCode {
    let mut second = pin!(signals::second());
    poll_fn(|task| match root.as_mut().poll(task) {
        Poll::Ready(code) => Poll::Ready(code),
        Poll::Pending => second.as_mut().poll(task).map(|()| {
            eprintln!("Error: stopped at once by a second signal");
            ExitCode::FAILURE
        }),
    })
    .await
}

async fn run_root<F, T>(options: MainOptions, body: F) -> ExitCode
where
    F: Future<Output = T>,
    T: MainOutput,
{
    let mut root = Root::new(body);
    let mut in_time = true;
    let mut asked = false;
    if root.run_until(signals::first()).await.is_err() {
        asked = true;
        let finished =
            signals::body_listens() && root.run_until(seam::sleep(options.shutdown)).await.is_ok();
        if !finished {
            in_time = !signals::body_listens();
            root.cancel().await;
        }
    }
    let outcome = root.outcome();
    root.stop_started().await;
    crate::report::flush(&root.process.head().node);
    match outcome {
        Ok(output) => output.into_code().unwrap_or_else(|error| {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }),
        Err(ExitReason::Shutdown) if asked && in_time => ExitCode::SUCCESS,
        Err(ExitReason::Shutdown) if asked => {
            eprintln!("Error: the program did not finish within {:?}", options.shutdown);
            ExitCode::FAILURE
        }
        Err(ExitReason::Crash(_)) => ExitCode::FAILURE, // printed where it happened
        Err(reason) => {
            eprintln!("Error: the main process ended: {reason}");
            if reason == ExitReason::Normal { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
    }
}
