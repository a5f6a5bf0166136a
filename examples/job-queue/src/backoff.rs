//! How long a failed job waits for its next attempt.

use std::time::Duration;

/// A wait that doubles with each attempt, up to a limit.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// After the first attempt.
    pub base: Duration,
    /// Never longer than this.
    pub max: Duration,
}

impl Backoff {
    /// The wait after this attempt; the first one is 1.
    ///
    /// It is up to a tenth longer or shorter than the plain value, so that jobs that failed at the
    /// same moment do not come back at the same moment.
    pub fn delay(&self, attempt: u32) -> Duration {
        self.plain(attempt).mul_f64(0.9 + 0.2 * fastrand::f64()).min(self.max)
    }

    fn plain(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(30);
        self.base.saturating_mul(1 << doublings).min(self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::{Backoff, Duration};

    const BACKOFF: Backoff =
        Backoff { base: Duration::from_secs(1), max: Duration::from_secs(3600) };

    #[test]
    fn it_doubles_up_to_the_limit() {
        let plain: Vec<u64> = (0..=5).map(|attempt| BACKOFF.plain(attempt).as_secs()).collect();
        assert_eq!(plain, [1, 1, 2, 4, 8, 16]);
        for attempt in [13, 30, 31, 32, 1000, u32::MAX] {
            assert_eq!(BACKOFF.plain(attempt), BACKOFF.max, "{attempt}");
        }
    }

    #[test]
    fn jitter_is_a_tenth_and_differs() {
        let delays: Vec<Duration> = (0..1000).map(|_| BACKOFF.delay(4)).collect();
        let (low, high) = (delays.iter().min().unwrap(), delays.iter().max().unwrap());
        assert!(*low >= Duration::from_millis(7_200) && *low < Duration::from_millis(7_400));
        assert!(*high <= Duration::from_millis(8_800) && *high > Duration::from_millis(8_600));
        assert!((0..1000).all(|_| BACKOFF.delay(40) <= BACKOFF.max));
    }
}
