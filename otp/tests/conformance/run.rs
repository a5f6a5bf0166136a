//! Running one scenario in a runtime of its own.

use std::fmt;
use std::time::Duration;

use otp::{ExitReason, process};
use tokio::runtime::{Builder, Runtime};

use super::Scenario;
use super::show::f;
use super::trace::{Trace, nm};

/// How long a scenario may take, by its own clock.
const LIMIT: Duration = Duration::from_secs(20);

/// On what a scenario runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One thread, and a clock that jumps to the next timer when nothing else is left to do.
    Paused,
    /// Two worker threads in real time.
    TwoWorkers,
}

impl Mode {
    fn runtime(self) -> Runtime {
        let mut builder = match self {
            Mode::Paused => Builder::new_current_thread(),
            Mode::TwoWorkers => Builder::new_multi_thread(),
        };
        match self {
            Mode::Paused => builder.start_paused(true),
            Mode::TwoWorkers => builder.worker_threads(2),
        };
        builder.enable_all().build().expect("a runtime can be made")
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::Paused => "paused time",
            Mode::TwoWorkers => "two workers",
        })
    }
}

/// Runs a scenario in a fresh process and returns its events.
///
/// Whatever it leaves behind is killed before this returns.
pub fn run(scenario: &Scenario, mode: Mode) -> Vec<String> {
    let runtime = mode.runtime();
    let body = (scenario.run)();
    let lines = runtime.block_on(async move {
        let trace = Trace::open();
        let closing = trace.clone();
        let main = process::spawn(async move {
            nm(process::self_pid(), "main");
            body.await;
            closing.close();
        });
        match tokio::time::timeout(LIMIT, process::join(main)).await {
            Ok(Some(ExitReason::Normal) | None) => {}
            Ok(Some(reason)) => trace.late(format!("main died {}", f(&reason))),
            Err(_) => trace.late("SCENARIO TIMEOUT".to_owned()),
        }
        trace.close();
        reap().await;
        trace.finish()
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    lines
}

/// Kills everything that is still there, and what that starts while it ends.
async fn reap() {
    for _ in 0..3 {
        for pid in process::list() {
            process::send_exit(pid, ExitReason::Kill);
            let _ = tokio::time::timeout(LIMIT, process::join(pid)).await;
        }
    }
}
