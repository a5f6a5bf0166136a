//! The caller of a call, as its handler sees it.

use std::fmt;

use crate::process::block::Kind;
use crate::process::current;

/// The caller that waits for the answer of a call. Answer it now, later, or from another process.
///
/// Dropping it unanswered tells the caller at once:
/// [`CallError::NoReply`](crate::CallError::NoReply) while the server lives, the server's exit
/// reason when it ended or ends in the same turn.
///
/// Elixir: `from`, and `GenServer.reply/2`.
#[must_use = "dropping it refuses the caller an answer"]
pub struct ReplyTo<T> {
    sender: Option<oneshot::Sender<T>>,
}

impl<T> ReplyTo<T> {
    pub(crate) fn new(sender: oneshot::Sender<T>) -> ReplyTo<T> {
        ReplyTo { sender: Some(sender) }
    }

    /// Answers the caller.
    ///
    /// An answer to a caller that has given up is dropped.
    #[inline]
    pub fn reply(mut self, value: T) {
        if let Some(sender) = self.sender.take() {
            let _ = sender.send(value);
        }
    }

    /// Whether the caller has given up, so that an answer would be in vain.
    pub fn is_closed(&self) -> bool {
        self.sender.as_ref().is_none_or(oneshot::Sender::is_closed)
    }

    /// A caller without a call, for testing a handler as the plain function that it is.
    ///
    /// ```
    /// use otp_core::ReplyTo;
    ///
    /// let (caller, answer) = ReplyTo::pair();
    /// caller.reply(7);
    /// assert_eq!(answer.take(), Some(7));
    /// ```
    pub fn pair() -> (ReplyTo<T>, Answer<T>) {
        let (sender, receiver) = oneshot::channel();
        (ReplyTo::new(sender), Answer(receiver))
    }
}

impl<T> Drop for ReplyTo<T> {
    fn drop(&mut self) {
        // The handler may be about to end the server, whose reason is what the caller is to hear:
        // have it wait for the end of the turn.
        if self.sender.is_some() {
            current::with(|process| {
                if process.head().kind == Kind::Server {
                    process.head().set_refusing(true);
                }
            });
        }
    }
}

impl<T> fmt::Debug for ReplyTo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyTo").field("closed", &self.is_closed()).finish()
    }
}

/// The other end of [`ReplyTo::pair`].
pub struct Answer<T>(oneshot::Receiver<T>);

impl<T> Answer<T> {
    /// The answer, if there was one.
    pub fn take(self) -> Option<T> {
        self.0.try_recv().ok()
    }
}

impl<T> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer")
    }
}
