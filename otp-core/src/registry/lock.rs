//! Locks by key: work on the same key is done one after the other.

use tokio::sync::Semaphore;

use crate::registry::kind::Key;
use crate::registry::topic::Tally;
use crate::sync::Arc;

/// The locks that somebody holds or waits for.
pub(super) struct Locks<K>(papaya::HashMap<K, Arc<KeyLock>>);

struct KeyLock {
    /// Has one permit, given in the order in which it was asked for.
    turn: Semaphore,
    users: Tally,
}

impl<K> Default for Locks<K> {
    fn default() -> Locks<K> {
        Locks(papaya::HashMap::new())
    }
}

impl<K: Key> Locks<K> {
    /// Does `work` while nobody else does work under this key.
    pub(super) async fn hold<F: Future>(&self, key: K, work: F) -> F::Output {
        let place = self.enter(key);
        // It is never closed, so there is always a permit in the end.
        let turn = place.lock.turn.acquire().await;
        let output = work.await;
        drop(turn);
        output
    }

    /// Becomes one of the users of a lock.
    fn enter(&self, key: K) -> Place<'_, K> {
        loop {
            let locks = self.0.pin();
            let new = || Arc::new(KeyLock { turn: Semaphore::new(1), users: Tally::default() });
            let lock = Arc::clone(locks.get_or_insert_with(key.clone(), new));
            if lock.users.enter() {
                drop(locks);
                return Place { locks: self, key, lock };
            }
            let _ = locks.remove_if(&key, |_, lock| lock.users.is_over());
        }
    }
}

/// One user of a lock, also when its process dies.
struct Place<'a, K: Key> {
    locks: &'a Locks<K>,
    key: K,
    lock: Arc<KeyLock>,
}

impl<K: Key> Drop for Place<'_, K> {
    fn drop(&mut self) {
        if self.lock.users.leave() {
            let locks = self.locks.0.pin();
            let _ = locks.remove_if(&self.key, |_, lock| lock.users.is_over());
        }
    }
}
