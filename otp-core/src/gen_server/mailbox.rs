//! Mailboxes with a limit.
//!
//! A mailbox is unbounded unless the server says otherwise, as in OTP. With
//! `#[gen_server(mailbox(capacity = 100, full = drop_oldest, calls = wait))]`, or
//! [`ServerOptions::mailbox`](crate::ServerOptions::mailbox), at most so many requests wait; the
//! one in hand is not counted. What happens to a cast that finds it full, and to a call, is
//! declared once for the server. Ordinary messages, requests to stop and signals never count and
//! are never refused.

use std::fmt;
use std::future::poll_fn;
use std::task::Poll;

use crate::gen_server::{GenServer, ServerRef};
use crate::process::NoProc;
use crate::process::block::Offered;

/// The limit of a server's mailbox, and what happens at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mailbox {
    /// How many requests may wait. Zero counts as one.
    pub capacity: u32,
    /// What becomes of a plain cast when it is full.
    pub full: Full,
    /// What becomes of a call when it is full.
    pub calls: FullCall,
}

/// What becomes of a plain cast that finds the mailbox full. What is dropped is counted in
/// [`ProcessInfo::dropped`](crate::process::ProcessInfo::dropped).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// The cast itself is dropped.
    DropNewest,
    /// The cast that has waited longest is dropped; the newest when only calls wait.
    DropOldest,
}

/// What becomes of a call that finds the mailbox full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FullCall {
    /// It fails at once with [`CallError::Overload`](crate::CallError::Overload).
    Refuse,
    /// It waits for a place, within its own limit.
    Wait,
}

impl Mailbox {
    /// At most `capacity` requests wait; newer casts are dropped, calls refused.
    pub const fn bounded(capacity: u32) -> Mailbox {
        let capacity = if capacity == 0 { 1 } else { capacity };
        Mailbox { capacity, full: Full::DropNewest, calls: FullCall::Refuse }
    }

    /// Says what becomes of casts.
    pub const fn full(mut self, full: Full) -> Mailbox {
        self.full = full;
        self
    }

    /// Says what becomes of calls.
    pub const fn calls(mut self, calls: FullCall) -> Mailbox {
        self.calls = calls;
        self
    }
}

/// Why a cast was not taken; it gives the request back.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TryCastError<R> {
    /// The mailbox is full. Try again later, or leave it.
    Full(R),
    /// There is no such process.
    NoProc(R),
}

impl<R> TryCastError<R> {
    /// The request that was not taken.
    pub fn into_request(self) -> R {
        match self {
            TryCastError::Full(request) | TryCastError::NoProc(request) => request,
        }
    }
}

impl<R> fmt::Debug for TryCastError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryCastError::Full(_) => "Full(..)",
            TryCastError::NoProc(_) => "NoProc(..)",
        })
    }
}

impl<R> fmt::Display for TryCastError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryCastError::Full(_) => "the server's mailbox is full",
            TryCastError::NoProc(_) => "there is no such server",
        })
    }
}

impl<R> std::error::Error for TryCastError<R> {}

impl<S: GenServer> ServerRef<S> {
    /// Sends a request that nobody waits for, and says whether it was taken.
    ///
    /// # Errors
    ///
    /// [`TryCastError::Full`] or [`TryCastError::NoProc`], with the request. An unbounded mailbox
    /// is never full.
    pub fn try_cast(&self, request: S::Request) -> Result<(), TryCastError<S::Request>> {
        let Some(block) = self.resolve() else { return Err(TryCastError::NoProc(request)) };
        match block.offer(request, capacity::<S>()) {
            Offered::Taken => Ok(()),
            Offered::Full(request) => Err(TryCastError::Full(request)),
            Offered::Closed(request) => Err(TryCastError::NoProc(request)),
        }
    }

    /// Sends a request that nobody waits for, as soon as the mailbox has a place for it.
    ///
    /// # Errors
    ///
    /// [`NoProc`] when the server has ended, or ends meanwhile.
    ///
    /// # Cancel safety
    ///
    /// A request is either taken whole or, when the future is dropped before, not at all.
    pub async fn cast_wait(&self, request: S::Request) -> Result<(), NoProc> {
        let block = self.resolve().ok_or(NoProc)?;
        let (mut request, mut place) = (Some(request), None);
        let sent = poll_fn(|task| {
            let Some(offer) = request.take() else { return Poll::Ready(Ok(())) };
            match block.offer_or_wait(offer, capacity::<S>(), &mut place, task) {
                Offered::Taken => Poll::Ready(Ok(())),
                Offered::Closed(_) => Poll::Ready(Err(NoProc)),
                Offered::Full(back) => {
                    request = Some(back);
                    Poll::Pending
                }
            }
        });
        sent.await
    }
}

/// How many requests may wait at the server `S`.
pub(crate) fn capacity<S: GenServer>() -> u32 {
    S::OPTIONS.mailbox.map_or(u32::MAX, |mailbox| mailbox.capacity)
}
