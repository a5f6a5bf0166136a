//! The small vocabulary of the scenarios, and processes that do what they are told.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use otp::{Down, Exit, ExitReason, Message, MonitorRef, Pid, process};

use super::show::{Outcome, f};
use super::trace::{ev, n, nm};

/// A future that may be sent to another process.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Milliseconds.
pub fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// A reason that is an atom.
pub fn error(text: &'static str) -> ExitReason {
    ExitReason::error(text)
}

/// Prints how an operation ended.
pub fn tried(label: &str, outcome: impl Outcome) {
    ev(format!("{label} -> {}", outcome.outcome()));
}

/// Waits for the end of a process and prints it.
pub async fn down(pid: Pid) {
    let monitor = process::monitor(pid);
    down_ref(pid, monitor).await;
}

/// Waits until a monitor fires and prints it; prints that the process lives if it does not.
pub async fn down_ref(pid: Pid, monitor: MonitorRef) {
    match down_reason(monitor).await {
        Some(reason) => ev(format!("down {} {}", n(pid), f(&reason))),
        None => ev(format!("alive {}", n(pid))),
    }
}

/// The reason with which a monitor fires within two seconds; prints nothing.
pub async fn down_reason(monitor: MonitorRef) -> Option<ExitReason> {
    process::receive_timeout(move |message| is_down(message, monitor), ms(2000)).await
}

fn is_down(message: Message, monitor: MonitorRef) -> Result<ExitReason, Message> {
    match message.downcast::<Down>() {
        Ok(down) if down.monitor == monitor => Ok(down.reason),
        Ok(other) => Err(Message::new(other)),
        Err(other) => Err(other),
    }
}

/// Prints the next message whatever it is, or that there is none.
pub async fn next() {
    next_as("msg", ms(100)).await;
}

/// As [`next`], with another word and limit.
pub async fn next_as(label: &str, limit: Duration) {
    match process::receive_timeout(Ok, limit).await {
        Some(message) => ev(format!("{label} {}", f(&message))),
        None => ev(format!("{label} nothing")),
    }
}

/// What an idle process is told.
enum Order {
    Run(BoxFuture<'static, ()>),
    Spill,
    Die(ExitReason),
}

struct Up;

struct Answer<T> {
    id: u64,
    value: T,
}

/// A process that keeps what it hears, and does what [`in_`], [`sync`] and [`die`] say.
pub async fn idle(name: &'static str) -> Pid {
    start_idle(name, false).await
}

/// As [`idle`], but it traps exits.
pub async fn idle_trap(name: &'static str) -> Pid {
    start_idle(name, true).await
}

async fn start_idle(name: &'static str, trap: bool) -> Pid {
    let me = process::self_pid();
    let pid = process::spawn(async move {
        process::trap_exit(trap);
        nm(process::self_pid(), name);
        process::send(me, Up);
        idle_loop(name).await;
    });
    let Up = process::receive_type().await;
    pid
}

/// What an idle process does.
///
/// It prints what it has heard only when asked, so that two observers never race for the place of
/// their lines.
pub async fn idle_loop(name: &'static str) {
    let mut seen = Vec::new();
    loop {
        match process::receive().await.downcast::<Order>() {
            Ok(Order::Run(work)) => work.await,
            Ok(Order::Spill) => seen.drain(..).for_each(|line: String| ev(line)),
            Ok(Order::Die(reason)) => process::exit(reason),
            Err(message) => seen.push(format!("{name} got {}", f(&message))),
        }
    }
}

/// Has an idle process run a future, without waiting for it.
pub fn tell(pid: Pid, work: impl Future<Output = ()> + Send + 'static) {
    process::send(pid, Order::Run(Box::pin(work)));
}

/// Runs a future inside an idle process and waits; `Err` when the process ended over it.
pub async fn in_<T: Send + 'static>(
    pid: Pid,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, ExitReason> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let me = process::self_pid();
    let monitor = process::monitor(pid);
    tell(pid, async move {
        let value = work.await;
        process::send(me, Answer { id, value });
    });
    let result = process::receive_where(move |message| match message.downcast::<Answer<T>>() {
        Ok(answer) if answer.id == id => Ok(Ok(answer.value)),
        Ok(other) => Err(Message::new(other)),
        Err(message) => is_down(message, monitor).map(Err),
    });
    let result = result.await;
    process::demonitor_flush(monitor);
    result
}

/// A full round through an idle process, so that earlier signals have been handled; it prints what
/// it has heard.
pub async fn sync(pid: Pid) {
    process::send(pid, Order::Spill);
    let _ = in_(pid, async {}).await;
}

/// Makes an idle process exit with `reason`, and prints its end.
pub async fn die(pid: Pid, reason: ExitReason) {
    let monitor = process::monitor(pid);
    tell_die(pid, reason);
    down_ref(pid, monitor).await;
}

/// Makes an idle process exit with `reason`.
pub fn tell_die(pid: Pid, reason: ExitReason) {
    process::send(pid, Order::Die(reason));
}

/// Sends an exit signal and prints the end.
pub async fn kill(pid: Pid, reason: ExitReason) {
    let monitor = process::monitor(pid);
    process::send_exit(pid, reason);
    down_ref(pid, monitor).await;
}

/// Waits until something is so, and prints when it never is.
pub async fn wait_until(mut so: impl FnMut() -> bool) {
    for _ in 0..500 {
        if so() {
            return;
        }
        process::sleep(ms(2)).await;
    }
    ev("WAIT TIMEOUT");
}

/// Whether a message is an exit of this process; for `receive_where`.
pub fn is_exit(message: Message, from: Pid) -> Result<ExitReason, Message> {
    match message.downcast::<Exit>() {
        Ok(exit) if exit.from == from => Ok(exit.reason),
        Ok(other) => Err(Message::new(other)),
        Err(other) => Err(other),
    }
}
