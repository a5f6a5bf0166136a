//! What a key leads to: one entry, or many.

use std::hash::{BuildHasherDefault, Hasher};

use crate::pid::Pid;
use crate::process::block::ProcessRef;
use crate::sync::{AtomicU64, Ordering};

/// One entry as the registry keeps it.
pub(super) struct Held<V> {
    /// Its place in the order of registrations.
    pub(super) seq: u64,
    pub(super) process: ProcessRef,
    pub(super) value: V,
}

impl<V> Held<V> {
    pub(super) fn pid(&self) -> Pid {
        self.process.head().pid
    }

    pub(super) fn is_alive(&self) -> bool {
        !self.process.head().is_closed()
    }
}

/// What a key leads to.
pub(super) enum Slot<V> {
    /// The entry of a unique key.
    One(Held<V>),
    /// The entries of a key that may have many.
    Many(Topic<V>),
}

/// The entries of one key, by their place in the order of registrations.
///
/// It is a map of its own, so that an entry more or less costs the same however many there are.
pub(super) struct Topic<V> {
    pub(super) entries: papaya::HashMap<u64, Held<V>, BuildHasherDefault<SeqHasher>>,
    pub(super) tally: Tally,
}

impl<V> Topic<V> {
    pub(super) fn new() -> Topic<V> {
        let entries = papaya::HashMap::with_hasher(BuildHasherDefault::default());
        Topic { entries, tally: Tally::default() }
    }
}

impl<V> Slot<V> {
    /// Whether this is the entry of a unique key with this place.
    pub(super) fn is_one(&self, seq: u64) -> bool {
        matches!(self, Slot::One(held) if held.seq == seq)
    }

    /// Whether this holds nothing and is about to be taken out.
    pub(super) fn is_over(&self) -> bool {
        matches!(self, Slot::Many(topic) if topic.tally.is_over())
    }
}

/// Counts the users of something that is taken out of a map when the last one leaves, so that
/// nobody enters it after that.
#[derive(Default)]
pub(super) struct Tally(AtomicU64);

/// The last one has left.
const OVER: u64 = 1 << 63;

impl Tally {
    /// Counts one more; `false` when it is over.
    pub(super) fn enter(&self) -> bool {
        let more = |count| if count & OVER == 0 { Some(count + 1) } else { None };
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok()
    }

    /// Counts one less; whether it is over now, and the caller has to take it out.
    pub(super) fn leave(&self) -> bool {
        let last = self.0.fetch_sub(1, Ordering::AcqRel) == 1;
        last && self.0.compare_exchange(0, OVER, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    pub(super) fn is_over(&self) -> bool {
        self.0.load(Ordering::Acquire) & OVER != 0
    }
}

/// Hashes places in the order of registrations. The same places lie in the same order in each run.
#[derive(Default)]
pub(super) struct SeqHasher(u64);

impl Hasher for SeqHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 << 8 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, seq: u64) {
        let product = seq.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = product ^ (product >> 32);
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn nobody_enters_what_the_last_one_has_left() {
        let tally = Tally::default();
        assert!(tally.enter() && tally.enter());
        assert!(!tally.leave() && !tally.is_over());
        assert!(tally.leave() && tally.is_over());
        assert!(!tally.enter());
    }
}
