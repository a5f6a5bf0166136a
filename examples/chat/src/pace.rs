//! How fast a client may ask.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A bucket of tokens: it fills at a steady rate, and each turn takes one.
///
/// Who comes too often is not refused but waits. For a client that means that it is read no faster,
/// so that its own socket fills up, and it costs the server nothing.
#[derive(Debug)]
pub(crate) struct Pace {
    /// How long a token takes.
    each: Duration,
    burst: u32,
    /// When the bucket would be empty again if nobody had taken anything from now on.
    full_at: Instant,
}

impl Pace {
    /// So many turns a second, and so many at once after a while.
    pub(crate) fn new(per_second: u32, burst: u32) -> Pace {
        let each = Duration::from_secs(1) / per_second.max(1);
        Pace { each, burst: burst.max(1), full_at: Instant::now() }
    }

    /// Waits until it is time.
    pub(crate) async fn turn(&mut self) {
        let now = Instant::now();
        let full_at = self.full_at.max(now) + self.each;
        let ahead = self.each * self.burst;
        if full_at > now + ahead {
            sleep_until(full_at - ahead).await;
        }
        self.full_at = full_at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[otp::test(start_paused = true)]
    async fn a_burst_is_free_and_the_rest_waits() {
        let mut pace = Pace::new(10, 5);
        let begun = Instant::now();
        for _ in 0..5 {
            pace.turn().await;
        }
        assert_eq!(begun.elapsed(), Duration::ZERO);
        for _ in 0..20 {
            pace.turn().await;
        }
        let elapsed = begun.elapsed();
        let exact = Duration::from_secs(2);
        assert!(elapsed >= exact && elapsed < exact + Duration::from_millis(20), "{elapsed:?}");
        // After a while there is a burst again, and no more than that.
        otp::process::sleep(Duration::from_secs(60)).await;
        let begun = Instant::now();
        for _ in 0..5 {
            pace.turn().await;
        }
        assert_eq!(begun.elapsed(), Duration::ZERO);
        pace.turn().await;
        assert!(begun.elapsed() >= Duration::from_millis(100));
    }
}
