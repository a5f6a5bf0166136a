//! How many restarts are too many.

use std::collections::VecDeque;

/// The restarts of the last seconds of one supervisor.
///
/// Time is counted in whole seconds and a restart exactly as old as the window still counts, as in
/// OTP. At most one entry more than the limit is kept, so a storm costs no more than a single
/// restart.
#[derive(Debug)]
pub(super) struct Intensity {
    max_restarts: u32,
    max_seconds: u64,
    recent: VecDeque<u64>,
    /// How many restarts there were since the window was last empty.
    in_a_row: u32,
}

impl Intensity {
    pub(super) fn new(max_restarts: u32, max_seconds: u64) -> Intensity {
        Intensity { max_restarts, max_seconds, recent: VecDeque::new(), in_a_row: 0 }
    }

    /// Counts a restart at `second`; whether that is still tolerated.
    pub(super) fn allows(&mut self, second: u64) -> bool {
        while let Some(oldest) = self.recent.front() {
            if second - oldest <= self.max_seconds {
                break;
            }
            self.recent.pop_front();
        }
        self.in_a_row = if self.recent.is_empty() { 1 } else { self.in_a_row.saturating_add(1) };
        self.recent.push_back(second);
        self.recent.len() <= self.max_restarts as usize
    }

    /// How many restarts there were in a row, the last one included: a window without any lies
    /// before the first of them.
    pub(super) fn in_a_row(&self) -> u32 {
        self.in_a_row
    }
}

#[cfg(test)]
mod tests {
    use super::Intensity;

    #[test]
    fn tolerates_exactly_the_maximum() {
        let mut intensity = Intensity::new(2, 5);
        assert!(intensity.allows(0) && intensity.allows(0));
        assert!(!intensity.allows(0));
    }

    #[test]
    fn a_restart_as_old_as_the_window_still_counts() {
        let mut intensity = Intensity::new(1, 5);
        assert!(intensity.allows(0));
        assert!(!intensity.allows(5));
        let mut intensity = Intensity::new(1, 5);
        assert!(intensity.allows(0));
        assert!(intensity.allows(6));
    }

    #[test]
    fn restarts_are_in_a_row_until_a_window_is_empty() {
        let mut intensity = Intensity::new(10, 5);
        let mut at = |second| {
            intensity.allows(second);
            intensity.in_a_row()
        };
        assert_eq!([0, 4, 8, 13, 19, 20].map(&mut at), [1, 2, 3, 4, 1, 2]);
    }

    #[test]
    fn zero_means_the_first_restart_is_too_many() {
        assert!(!Intensity::new(0, 5).allows(0));
    }
}
