//! The queue in which messages wait for their process.
//!
//! There is one queue for each process, for requests and ordinary messages alike, so the order of
//! one sender's messages is kept whatever their kind. It is unbounded, as in OTP: a sender never
//! waits. [`process::info`](crate::process::info) tells its length.

use std::any::Any;
use std::collections::VecDeque;

use crate::message::Message;
use crate::process::block::Inbox;
use crate::process::origin::Origin;

/// What lies in a mailbox.
pub(crate) enum Envelope<M> {
    /// A call or cast, of the server's own request type.
    Request(M, Origin),
    /// Any other message.
    Message(Message),
}

/// How many messages the first buffer of a queue holds.
const BURST: usize = 32;

/// A first-in-first-out queue that needs no memory of its own for a single message.
///
/// A server that is called by one caller at a time never allocates here.
pub(crate) struct Queue<M> {
    first: Option<Envelope<M>>,
    rest: VecDeque<Envelope<M>>,
}

impl<M> Queue<M> {
    pub(crate) fn new() -> Queue<M> {
        Queue { first: None, rest: VecDeque::new() }
    }

    #[inline]
    pub(crate) fn push(&mut self, envelope: Envelope<M>) {
        if self.first.is_none() && self.rest.is_empty() {
            self.first = Some(envelope);
            return;
        }
        if self.rest.len() == self.rest.capacity() {
            self.grow();
        }
        self.rest.push_back(envelope);
    }

    /// Makes room: a second message is seldom the last, and a burst is soon over.
    #[cold]
    fn grow(&mut self) {
        self.rest.reserve(BURST.max(3 * self.rest.len()));
    }

    pub(crate) fn pop(&mut self) -> Option<Envelope<M>> {
        self.first.take().or_else(|| self.rest.pop_front())
    }

    /// Takes out the oldest request that `select` points at.
    pub(crate) fn remove_request(&mut self, select: impl Fn(&M) -> bool) -> Option<Envelope<M>> {
        let selected = |envelope: &Envelope<M>| match envelope {
            Envelope::Request(request, _) => select(request),
            Envelope::Message(_) => false,
        };
        if self.first.as_ref().is_some_and(selected) {
            let removed = self.first.take();
            self.first = self.rest.pop_front();
            return removed;
        }
        let at = self.rest.iter().position(selected)?;
        self.rest.remove(at)
    }

    /// Exchanges everything behind the first message with `other`.
    pub(crate) fn swap_rest(&mut self, other: &mut VecDeque<Envelope<M>>) {
        std::mem::swap(&mut self.rest, other);
    }

    pub(crate) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }

    /// How much memory the queue owns, in messages.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.rest.capacity()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none() && self.rest.is_empty()
    }
}

impl<M: Send + 'static> Inbox for Queue<M> {
    fn push(&mut self, message: Message) {
        Queue::push(self, Envelope::Message(message));
    }

    fn pop(&mut self) -> Option<Message> {
        match Queue::pop(self)? {
            Envelope::Message(message) => Some(message),
            Envelope::Request(..) => unreachable!("only servers have requests"),
        }
    }

    fn len(&self) -> usize {
        Queue::len(self)
    }

    fn bytes(&self) -> usize {
        let block = size_of::<crate::process::block::Block<M>>() + size_of::<Self>();
        block + self.rest.capacity() * size_of::<Envelope<M>>()
    }

    fn remove(&mut self, select: &dyn Fn(&Message) -> bool) -> Option<Message> {
        let selected = |envelope: &Envelope<M>| match envelope {
            Envelope::Message(message) => select(message),
            Envelope::Request(..) => false,
        };
        let removed = if self.first.as_ref().is_some_and(selected) {
            self.first.take()
        } else {
            let at = self.rest.iter().position(selected)?;
            self.rest.remove(at)
        };
        match removed? {
            Envelope::Message(message) => Some(message),
            Envelope::Request(..) => unreachable!("only messages are selected"),
        }
    }

    fn take_all(&mut self) -> Box<dyn Any + Send> {
        Box::new(std::mem::replace(self, Queue::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Envelope, Origin, Queue};

    #[test]
    fn keeps_the_order_across_its_two_parts() {
        let mut queue = Queue::new();
        let mut next = 0;
        for round in 1..=3 {
            for number in 0..round {
                queue.push(Envelope::Request(round * 10 + number, Origin::here()));
            }
            assert_eq!(queue.len(), round);
            while let Some(Envelope::Request(number, _)) = queue.pop() {
                assert!(number > next);
                next = number;
            }
            assert!(queue.is_empty());
        }
    }
}
