//! Registries: entries, look-ups, links, names, publish and subscribe, locks.

#[path = "registry/entries.rs"]
mod entries;
#[path = "registry/links.rs"]
mod links;
#[path = "registry/locks.rs"]
mod locks;
#[path = "registry/names.rs"]
mod names;
#[path = "registry/publish.rs"]
mod publish;
mod support;

use std::time::Duration;

use otp_core::registry::{
    Duplicate, Entry, Kind, Registered, Registry, RegistryError, RegistryKey, RegistryModule,
    RegistryRef, Unique, UniqueRegistry, Unregistered, Value,
};
use otp_core::{
    CallError, ChildSpec, Dest, Down, Exit, ExitReason, Name, Pid, RegisterError, ServerRef, Start,
    StartError, Supervisor, process,
};
use support::{Plan, Probe, Request, paused, threaded};

/// A registry with unique keys.
type Uniques = RegistryRef<String, u32>;
/// A registry with keys that many may have.
type Topics = RegistryRef<String, u32, Duplicate>;

async fn uniques() -> Uniques {
    Registry::unique().start_link().await.unwrap()
}

async fn topics() -> Topics {
    Registry::duplicate().start_link().await.unwrap()
}

fn text(key: &str) -> String {
    key.to_owned()
}

/// What an idle process is asked to do.
type Work = Box<dyn FnOnce() + Send>;

/// A process that does what it is asked to, and keeps all other messages. It may be left behind.
fn idle() -> Pid {
    process::SpawnOptions::new().daemon().spawn(idle_loop())
}

async fn idle_loop() {
    loop {
        let work = process::receive_type::<Work>().await;
        work();
    }
}

/// Does something in an idle process and waits for the result.
async fn within<T: Send + 'static>(pid: Pid, work: impl FnOnce() -> T + Send + 'static) -> T {
    struct Done<T>(T);
    let me = process::self_pid();
    let work: Work = Box::new(move || process::send(me, Done(work())));
    process::send(pid, work);
    let Done(result) = process::receive_type::<Done<T>>().await;
    result
}

/// Registers an idle process.
async fn enter<D: Kind>(
    pid: Pid,
    registry: &RegistryRef<String, u32, D>,
    key: &str,
    value: u32,
) -> Result<(), RegistryError> {
    let (registry, key) = (registry.clone(), text(key));
    within(pid, move || registry.register(key, value)).await
}

/// Ends a process and waits until its end is known.
async fn kill(pid: Pid) {
    process::send_exit(pid, ExitReason::Kill);
    process::join(pid).await;
}

fn pids<V: Value>(entries: &[Entry<V>]) -> Vec<Pid> {
    entries.iter().map(|entry| entry.pid).collect()
}

fn values(entries: Vec<Entry<u32>>) -> Vec<u32> {
    entries.into_iter().map(|entry| entry.value).collect()
}

/// A message of this type, if one is here.
async fn waiting<T: Send + 'static>() -> Option<T> {
    process::receive_timeout(otp_core::Message::downcast::<T>, Duration::ZERO).await
}
