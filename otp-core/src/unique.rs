//! Numbers that are unique in the program, taken in blocks so that threads do not meet.

use std::cell::Cell;

use crate::sync::{AtomicU64, Ordering};

const BLOCK: u64 = 1024;

static NEXT_BLOCK: AtomicU64 = AtomicU64::new(1);

thread_local! {
    /// The next number of this thread's block, and how many are left in it.
    static BLOCK_LEFT: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// A number that no other call in this program returns.
///
/// Two numbers taken by one thread are in ascending order.
pub(crate) fn unique() -> u64 {
    let (next, left) = BLOCK_LEFT.try_with(Cell::get).unwrap_or((0, 0));
    let (next, left) = match left {
        0 => (NEXT_BLOCK.fetch_add(1, Ordering::Relaxed) * BLOCK, BLOCK),
        left => (next, left),
    };
    // A thread that is shutting down has no block any more; each of its numbers costs a whole one.
    let _ = BLOCK_LEFT.try_with(|block| block.set((next + 1, left - 1)));
    next
}

#[cfg(test)]
mod tests {
    use super::unique;

    #[test]
    fn numbers_of_several_threads_never_meet() {
        let threads: Vec<_> = (0..4)
            .map(|_| std::thread::spawn(|| (0..5_000).map(|_| unique()).collect::<Vec<_>>()))
            .collect();
        let mut all: Vec<u64> = threads.into_iter().flat_map(|t| t.join().unwrap()).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 20_000);
    }
}
