//! Servers that wait for each other's answers in a circle.
//!
//! While the watch is on, each call that is not answered at once enters who waits for whom. A wait
//! that closes a circle is looked at again after a moment, as a time-out or a third process may
//! still break it; if it stands, it is a deadlock.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::watch;

use crate::name::short_type_name;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::{ProcessRef, display_name};
use crate::process::current;
use crate::process::signal::find;
use crate::sync::{Arc, AtomicBool, Mutex, Ordering};
use crate::{report, seam};

/// How long a circle must stand before it counts.
const GRACE: Duration = Duration::from_millis(100);

/// The circles of one node.
pub(crate) struct Deadlocks {
    watched: AtomicBool,
    waits: Mutex<Waits>,
    /// The first one that was found.
    found: watch::Sender<Option<String>>,
}

impl Default for Deadlocks {
    fn default() -> Deadlocks {
        Deadlocks {
            watched: AtomicBool::new(false),
            waits: Mutex::default(),
            found: watch::Sender::new(None),
        }
    }
}

impl Deadlocks {
    pub(crate) fn watch(&self, on: bool) {
        self.watched.store(on, Ordering::Relaxed);
    }

    /// Ready when there is one; says which.
    pub(crate) async fn found(&self) -> String {
        let mut found = self.found.subscribe();
        match found.wait_for(Option::is_some).await {
            Ok(text) => text.clone().unwrap_or_default(),
            Err(_) => std::future::pending().await,
        }
    }
}

/// Who waits for whom. A process may wait for several at the same time.
#[derive(Default)]
struct Waits {
    next: u64,
    of: HashMap<Pid, Vec<Wait>>,
}

/// One wait for an answer.
#[derive(Clone, Copy)]
struct Wait {
    number: u64,
    target: Pid,
    /// The type of the server that is waited for.
    server: Option<fn() -> &'static str>,
}

impl Waits {
    /// The waits that lead from `wait` back to `home`, if any do.
    fn circle(&self, home: Pid, wait: Wait) -> Option<Vec<Wait>> {
        let mut seen = vec![wait.target];
        let mut paths = vec![vec![wait]];
        while let Some(path) = paths.pop() {
            let Some(last) = path.last() else { continue };
            if last.target == home {
                return Some(path);
            }
            for next in self.of.get(&last.target).into_iter().flatten() {
                if next.target == home || !seen.contains(&next.target) {
                    seen.push(next.target);
                    paths.push(path.iter().copied().chain([*next]).collect());
                }
            }
        }
        None
    }

    fn stands(&self, home: Pid, circle: &[Wait]) -> bool {
        let mut from = home;
        circle.iter().all(|wait| {
            let waits = self.of.get(&from);
            from = wait.target;
            waits.is_some_and(|waits| waits.iter().any(|other| other.number == wait.number))
        })
    }
}

/// A wait that is entered; it ends when this is dropped.
pub(crate) struct Waiting {
    node: Arc<Node>,
    from: Pid,
    number: u64,
}

/// Enters that the running process waits for an answer of `target`, if anybody wants to know.
pub(crate) fn enter(
    target: &ProcessRef,
    server: Option<fn() -> &'static str>,
) -> Option<Box<Waiting>> {
    let head = target.head();
    let deadlocks = &head.node.deadlocks;
    if !deadlocks.watched.load(Ordering::Relaxed) {
        return None;
    }
    let from = current::pid()?;
    let (wait, circle) = {
        let mut waits = deadlocks.waits.lock();
        waits.next += 1;
        let wait = Wait { number: waits.next, target: head.pid, server };
        waits.of.entry(from).or_default().push(wait);
        (wait, waits.circle(from, wait))
    };
    if let Some(circle) = circle {
        seam::spawn_seldom(&head.node, confirm(Arc::clone(&head.node), from, circle));
    }
    Some(Box::new(Waiting { node: Arc::clone(&head.node), from, number: wait.number }))
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut waits = self.node.deadlocks.waits.lock();
        if let Some(own) = waits.of.get_mut(&self.from) {
            own.retain(|wait| wait.number != self.number);
            if own.is_empty() {
                waits.of.remove(&self.from);
            }
        }
    }
}

/// Looks at a circle again, and says so when it still stands.
async fn confirm(node: Arc<Node>, home: Pid, mut circle: Vec<Wait>) {
    seam::sleep(GRACE).await;
    if !node.deadlocks.waits.lock().stands(home, &circle) {
        return;
    }
    let oldest = circle.iter().enumerate().min_by_key(|(_, wait)| wait.number);
    let begin = oldest.map_or(0, |(index, _)| index);
    circle.rotate_left(begin);
    let names: Vec<String> = circle.iter().map(|wait| name(&node, wait)).collect();
    let Some(last) = names.last() else { return };
    let text = format!("{last} -> {}", names.join(" -> "));
    report::deadlock(&node, &text);
    node.deadlocks.found.send_if_modified(|found| {
        let first = found.is_none();
        if first {
            *found = Some(text);
        }
        first
    });
}

/// The name of a server, or else its type and its pid.
fn name(node: &Node, wait: &Wait) -> String {
    let shown = match find(node, wait.target) {
        Some(process) => display_name(&*process),
        None => wait.target.to_string(),
    };
    match wait.server {
        Some(server) if shown == wait.target.to_string() => {
            format!("{} {shown}", short_type_name(server()))
        }
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use super::*;

    fn pid(index: u32) -> Pid {
        Pid::new(1, index, NonZeroU64::MIN)
    }

    fn waits(edges: &[(u32, u32)]) -> Waits {
        let mut waits = Waits::default();
        for (from, to) in edges {
            waits.next += 1;
            let wait = Wait { number: waits.next, target: pid(*to), server: None };
            waits.of.entry(pid(*from)).or_default().push(wait);
        }
        waits
    }

    fn circle(edges: &[(u32, u32)]) -> Option<Vec<Pid>> {
        let waits = waits(edges);
        let (home, _) = edges[0];
        let circle = waits.circle(pid(home), waits.of[&pid(home)][0])?;
        assert!(waits.stands(pid(home), &circle));
        Some(circle.iter().map(|wait| wait.target).collect())
    }

    #[test]
    fn a_circle_is_found_whatever_else_waits() {
        assert_eq!(circle(&[(1, 2), (2, 1)]), Some(vec![pid(2), pid(1)]));
        assert_eq!(circle(&[(1, 2), (2, 3), (2, 4), (4, 1)]), Some(vec![pid(2), pid(4), pid(1)]));
        assert_eq!(circle(&[(1, 2), (2, 3)]), None);
        // Somebody else's circle is not this one.
        assert_eq!(circle(&[(1, 2), (2, 3), (3, 2)]), None);
    }

    #[test]
    fn a_circle_that_was_broken_does_not_stand() {
        let mut waits = waits(&[(1, 2), (2, 1)]);
        let found = waits.circle(pid(1), waits.of[&pid(1)][0]).unwrap();
        waits.of.remove(&pid(2));
        assert!(!waits.stands(pid(1), &found));
    }
}
