//! Knowing which of many tasks has woken the one that waits for all of them.

use std::sync::Arc as StdArc;
use std::task::{Wake, Waker};

use crate::sync::{Arc, Mutex};

/// The keys of those that were woken, so that a wait for many looks only at these.
#[derive(Debug, Default)]
pub(super) struct Ready(Arc<Mutex<Woken>>);

#[derive(Debug, Default)]
struct Woken {
    keys: Vec<u64>,
    waiting: Option<Waker>,
}

/// Wakes one of many.
struct One {
    key: u64,
    woken: Arc<Mutex<Woken>>,
}

impl Wake for One {
    fn wake(self: StdArc<Self>) {
        let waiting = {
            let mut woken = self.woken.lock();
            woken.keys.push(self.key);
            woken.waiting.take()
        };
        if let Some(waiting) = waiting {
            waiting.wake();
        }
    }
}

impl Ready {
    /// The waker of the one with this key.
    pub(super) fn waker(&self, key: u64) -> Waker {
        Waker::from(StdArc::new(One { key, woken: Arc::clone(&self.0) }))
    }

    /// Has the one with this key looked at first.
    pub(super) fn push(&self, key: u64) {
        self.0.lock().keys.push(key);
    }

    /// Takes the keys of those that were woken. `waiting` is woken by the next one.
    pub(super) fn take(&self, waiting: &Waker) -> Vec<u64> {
        let mut woken = self.0.lock();
        if !woken.waiting.as_ref().is_some_and(|old| old.will_wake(waiting)) {
            woken.waiting = Some(waiting.clone());
        }
        std::mem::take(&mut woken.keys)
    }
}
