//! How long to wait.

use std::pin::Pin;
use std::time::Duration;

use crate::seam::{self, Instant};

/// How long to wait: for a time, until a moment, or without end.
///
/// Whatever takes a time-out takes all three.
///
/// ```
/// use std::time::Duration;
/// use otp_core::{Instant, Limit};
///
/// let _: Limit = Duration::from_secs(1).into();
/// let _: Limit = (Instant::now() + Duration::from_secs(1)).into();
/// let _ = Limit::Infinity;
/// ```
///
/// Elixir: a time-out in milliseconds, `{:abs, time}`, `:infinity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// For this long, from when the waiting begins.
    After(Duration),
    /// Until this moment.
    At(Instant),
    /// Without end.
    Infinity,
}

impl From<Duration> for Limit {
    fn from(duration: Duration) -> Limit {
        Limit::After(duration)
    }
}

impl From<Instant> for Limit {
    fn from(deadline: Instant) -> Limit {
        Limit::At(deadline)
    }
}

impl Limit {
    /// A timer that ends with the limit.
    pub(crate) fn sleep(self) -> Option<Pin<Box<seam::Sleep>>> {
        match self {
            Limit::After(duration) => Some(Box::pin(seam::sleep(duration))),
            Limit::At(deadline) => Some(Box::pin(seam::sleep_until(deadline))),
            Limit::Infinity => None,
        }
    }

    /// The limit of a thread that blocks, whose time is the real one.
    pub(crate) fn real_deadline(self) -> Option<std::time::Instant> {
        let left = match self {
            Limit::After(duration) => duration,
            Limit::At(deadline) => deadline.saturating_duration_since(seam::now()),
            Limit::Infinity => return None,
        };
        std::time::Instant::now().checked_add(left)
    }
}
