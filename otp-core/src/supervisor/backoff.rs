//! Waiting before a restart.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use crate::pid::Pid;
use crate::process::{self, TimerRef};
use crate::unique::unique;

/// How long children that ended abnormally wait before their supervisor restarts them.
///
/// The first restart waits for the shortest time. Each further one within the supervisor's window,
/// of whichever child, waits twice as long, up to the longest time; when the window is empty it
/// begins anew. Restarts count for the intensity as always, at the moment the child has ended.
///
/// A child that waits is [`ChildState::Restarting`](crate::ChildState::Restarting), and the
/// supervisor does its other work meanwhile. Terminating the child ends the wait, and so does the
/// end of the supervisor. Under `one_for_all` and `rest_for_one` those that go with it are stopped
/// at once, and all are started after the wait. A permanent child that ended normally does not
/// wait.
///
/// ```
/// # use std::time::Duration;
/// # use otp_core::{Backoff, Supervisor};
/// let backoff = Backoff::exponential(Duration::from_millis(100), Duration::from_secs(5));
/// let supervisor = Supervisor::one_for_one().max_restarts(10).max_seconds(60).backoff(backoff);
/// # drop(supervisor);
/// assert_eq!(backoff, Backoff::from(Duration::from_millis(100)..Duration::from_secs(5)));
/// ```
///
/// The shortest time must be longer than zero and not longer than the longest; a start with another
/// one fails.
///
/// Elixir: there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    min: Duration,
    max: Duration,
}

impl Backoff {
    /// Waits for `min`, then for twice as long each time, up to `max`.
    pub const fn exponential(min: Duration, max: Duration) -> Backoff {
        Backoff { min, max }
    }

    /// What is wrong with the times.
    pub(super) fn fault(self) -> Option<String> {
        if self.min.is_zero() {
            Some("the shortest backoff must be longer than zero".to_owned())
        } else if self.min > self.max {
            Some(format!("the shortest backoff, {:?}, exceeds the longest", self.min))
        } else {
            None
        }
    }

    /// How long the restart waits that is the `nth` in a row, counted from one.
    pub(super) fn delay(self, nth: u32) -> Duration {
        let doubled = 2_u32.checked_pow(nth.saturating_sub(1));
        doubled
            .and_then(|factor| self.min.checked_mul(factor))
            .map_or(self.max, |it| it.min(self.max))
    }
}

impl From<Range<Duration>> for Backoff {
    fn from(times: Range<Duration>) -> Backoff {
        Backoff::exponential(times.start, times.end)
    }
}

impl fmt::Display for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}..{:?}", self.min, self.max)
    }
}

/// A restart that will be attempted: a message to the supervisor, at once or after a wait.
///
/// Dropping it calls the attempt off: no timer is left, and the message, should it be on its way,
/// has a ticket that is not valid any more.
pub(super) struct Retry {
    ticket: u64,
    timer: Option<TimerRef>,
}

impl Retry {
    /// An attempt behind the messages that wait already.
    pub(super) fn next<M: Send + 'static>(to: Pid, message: impl FnOnce(u64) -> M) -> Retry {
        let ticket = unique();
        process::send(to, message(ticket));
        Retry { ticket, timer: None }
    }

    /// An attempt after a wait.
    pub(super) fn after<M: Send + 'static>(
        delay: Duration,
        to: Pid,
        message: impl FnOnce(u64) -> M,
    ) -> Retry {
        let ticket = unique();
        Retry { ticket, timer: Some(process::send_after(to, message(ticket), delay)) }
    }

    /// Whether the message with this ticket means this attempt.
    pub(super) fn is(&self, ticket: u64) -> bool {
        self.ticket == ticket
    }

    /// Whether it waits for its time.
    pub(super) fn waits(&self) -> bool {
        self.timer.is_some()
    }
}

impl Drop for Retry {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            timer.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;
    use std::time::Duration;

    const fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn each_wait_is_twice_as_long_up_to_the_longest() {
        let backoff = Backoff::exponential(ms(100), ms(500));
        let delays: Vec<Duration> = (1..=5).map(|nth| backoff.delay(nth)).collect();
        assert_eq!(delays, [ms(100), ms(200), ms(400), ms(500), ms(500)]);
        assert_eq!(backoff.delay(u32::MAX), ms(500));
        assert_eq!(Backoff::exponential(Duration::MAX, Duration::MAX).delay(2), Duration::MAX);
    }

    #[test]
    fn times_in_the_wrong_order_are_a_fault() {
        assert_eq!(Backoff::exponential(ms(5), ms(5)).fault(), None);
        assert!(Backoff::exponential(ms(6), ms(5)).fault().is_some());
        assert!(Backoff::exponential(ms(0), ms(5)).fault().is_some());
    }
}
