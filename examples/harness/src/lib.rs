//! What the end-to-end tests of the examples share: the real program as a child process, what it
//! has asked of the system, how fast the disk is, and a browser.
//!
//! Nothing here sleeps for a guessed time. What is waited for has a deadline, and who misses it
//! prints what it has seen.

mod disk;
mod program;
pub mod readme;
pub mod strace;
mod tools;
mod wait;

#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "lossy")]
pub mod lossy;

pub use disk::{folder, fsync_rate};
pub use program::{Ended, Program, Signal};
pub use tools::needs;
pub use wait::{DEADLINE, until};

/// How often a test kills its program: 40 times, or as often as `KILL_ROUNDS` says.
pub fn kill_rounds() -> usize {
    std::env::var("KILL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(40)
}
