//! Waiting for what another process does.

use std::time::{Duration, Instant};

/// How long anything is waited for before a test fails.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// How often is looked.
const PAUSE: Duration = Duration::from_millis(5);

/// Asks again and again until there is an answer, and returns it.
///
/// # Panics
///
/// When there is none after [`DEADLINE`], naming `what` was waited for.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < DEADLINE, "waited for {what}, in vain");
        std::thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::until;

    #[test]
    fn it_asks_until_there_is_an_answer() {
        let mut asked = 0;
        let found = until("the third time", || {
            asked += 1;
            (asked == 3).then_some("here")
        });
        assert_eq!((found, asked), ("here", 3));
    }
}
