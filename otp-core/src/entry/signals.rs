//! The operating system's wish that the program ends.

use std::collections::HashMap;

use tokio::sync::watch;

use crate::node::Node;
use crate::seam;
use crate::sync::{Arc, AtomicBool, Mutex, OnceLock, Ordering};

/// How often the program was asked to end, for each node that wants to know.
struct Wishes {
    count: watch::Sender<u32>,
    /// Whether somebody has asked to be told, so that the body ends by itself.
    heard: AtomicBool,
}

fn wishes() -> Arc<Wishes> {
    static ALL: OnceLock<Mutex<HashMap<u32, Arc<Wishes>>>> = OnceLock::new();
    let node = Node::expect_current();
    let mut all = ALL.get_or_init(Mutex::default).lock();
    if let Some(wishes) = all.get(&node.id) {
        return Arc::clone(wishes);
    }
    let wishes = Arc::new(Wishes { count: watch::Sender::new(0), heard: AtomicBool::new(false) });
    all.insert(node.id, Arc::clone(&wishes));
    drop(all);
    let counted = Arc::clone(&wishes);
    seam::spawn(&node, async move {
        let Ok(mut signals) = Signals::new() else { return };
        loop {
            signals.next().await;
            counted.count.send_modify(|count| *count += 1);
        }
    });
    wishes
}

/// Ready when the program is asked to end, by SIGINT (Ctrl-C) or SIGTERM.
///
/// In a body under `#[otp::main]` it is the place to wait until then; the body then has the stop
/// limit to finish, and after it the tree stops, last child first. A body that never asks is
/// dropped at its await point instead. It works in any tokio runtime with I/O enabled.
///
/// # Panics
///
/// Outside a tokio runtime.
///
/// Elixir: what a release does on SIGTERM, `:init.stop/0`.
pub async fn shutdown_signal() {
    let wishes = wishes();
    wishes.heard.store(true, Ordering::Release);
    let mut count = wishes.count.subscribe();
    let _ = count.wait_for(|count| *count >= 1).await;
}

/// Ready at the first such wish; does not count as having heard it.
pub(super) async fn first() {
    let mut count = wishes().count.subscribe();
    let _ = count.wait_for(|count| *count >= 1).await;
}

/// Ready at the second one.
pub(super) async fn second() {
    let mut count = wishes().count.subscribe();
    let _ = count.wait_for(|count| *count >= 2).await;
}

/// Whether the body has ever asked to be told.
pub(super) fn body_listens() -> bool {
    wishes().heard.load(Ordering::Acquire)
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        std::future::poll_fn(|task| {
            if self.interrupt.poll_recv(task).is_ready() {
                return std::task::Poll::Ready(());
            }
            self.terminate.poll_recv(task).map(|_| ())
        })
        .await;
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Signals> {
        Ok(Signals)
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
