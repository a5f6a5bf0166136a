//! The operating system's wish that the program ends.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;

use crate::node::Node;
use crate::seam;
use crate::sync::{Arc, AtomicBool, Mutex, OnceLock, Ordering};

/// How often the program was asked to end, for each node that wants to know.
struct Wishes {
    count: watch::Sender<Count>,
    /// Whether somebody has asked to be told, so that the body ends by itself.
    heard: AtomicBool,
}

/// What has come so far.
#[derive(Clone, Copy, Default)]
struct Count {
    /// SIGINT, usually from somebody who sits in front of the program.
    interrupts: u32,
    /// SIGTERM. More than one means no more than one does.
    terminates: u32,
}

impl Count {
    fn add(&mut self, wish: Wish) {
        match wish {
            Wish::Interrupt => self.interrupts += 1,
            Wish::Terminate => self.terminates += 1,
        }
    }

    fn any(&self) -> bool {
        self.interrupts + self.terminates > 0
    }
}

/// A signal.
#[derive(Clone, Copy)]
enum Wish {
    Interrupt,
    #[cfg_attr(not(unix), allow(dead_code))]
    Terminate,
}

fn wishes() -> Arc<Wishes> {
    static ALL: OnceLock<Mutex<HashMap<u32, Arc<Wishes>>>> = OnceLock::new();
    let node = Node::expect_current();
    let mut all = ALL.get_or_init(Mutex::default).lock();
    if let Some(wishes) = all.get(&node.id) {
        return Arc::clone(wishes);
    }
    let wishes = Arc::new(Wishes {
        count: watch::Sender::new(Count::default()),
        heard: AtomicBool::new(false),
    });
    all.insert(node.id, Arc::clone(&wishes));
    drop(all);
    let counted = Arc::clone(&wishes);
    // Now and not in the task: a signal must not come before somebody listens.
    let Ok(mut signals) = Signals::new() else { return wishes };
    seam::spawn_seldom(&node, async move {
        loop {
            let wish = signals.next().await;
            counted.count.send_modify(|count| count.add(wish));
        }
    });
    wishes
}

/// Ready when the program is asked to end, by SIGINT (Ctrl-C) or SIGTERM, or when an application
/// has ended that ends the program.
///
/// In a body under `#[otp::main]` it is the place to wait until then; the body then has the time of
/// the option `shutdown` to finish, and after it the trees stop, last child first. A body that
/// never asks is dropped at its await point instead. It works in any tokio runtime that has I/O
/// enabled.
///
/// A second SIGTERM means nothing; a second SIGINT ends a program under `#[otp::main]` at once.
///
/// # Panics
///
/// Outside a tokio runtime, and in one without I/O.
///
/// Elixir: what a release does on SIGTERM, `:init.stop/0`.
pub async fn shutdown_signal() {
    wishes().heard.store(true, Ordering::Release);
    first().await;
}

/// Listens from now on; until then a signal ends the program as the operating system does it.
pub(super) fn listen() {
    wishes();
}

/// Ready at the first such wish; does not count as having heard it.
pub(super) async fn first() {
    let node = Node::expect_current();
    let mut count = wishes().count.subscribe();
    let mut asked = pin!(count.wait_for(Count::any));
    let mut terminated = pin!(node.applications.terminated());
    poll_fn(|task| match asked.as_mut().poll(task) {
        Poll::Ready(_) => Poll::Ready(()),
        Poll::Pending => terminated.as_mut().poll(task).map(drop),
    })
    .await;
}

/// Ready when somebody has interrupted the program twice.
pub(super) async fn second() {
    let mut count = wishes().count.subscribe();
    let _ = count.wait_for(|count| count.interrupts >= 2).await;
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

    async fn next(&mut self) -> Wish {
        poll_fn(|task| {
            if self.interrupt.poll_recv(task).is_ready() {
                return Poll::Ready(Wish::Interrupt);
            }
            self.terminate.poll_recv(task).map(|_| Wish::Terminate)
        })
        .await
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Signals> {
        Ok(Signals)
    }

    async fn next(&mut self) -> Wish {
        let _ = tokio::signal::ctrl_c().await;
        Wish::Interrupt
    }
}
