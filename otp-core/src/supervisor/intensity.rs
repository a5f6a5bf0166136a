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
}

impl Intensity {
    pub(super) fn new(max_restarts: u32, max_seconds: u64) -> Intensity {
        Intensity { max_restarts, max_seconds, recent: VecDeque::new() }
    }

    /// Counts a restart at `second`; whether that is still tolerated.
    pub(super) fn allows(&mut self, second: u64) -> bool {
        while let Some(oldest) = self.recent.front() {
            if second - oldest <= self.max_seconds {
                break;
            }
            self.recent.pop_front();
        }
        self.recent.push_back(second);
        self.recent.len() <= self.max_restarts as usize
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
    fn zero_means_the_first_restart_is_too_many() {
        assert!(!Intensity::new(0, 5).allows(0));
    }
}
