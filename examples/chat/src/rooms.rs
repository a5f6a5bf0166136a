//! Who is where: two registries, and telling everybody in a room something.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use otp::prelude::*;

use crate::event::{Event, Message};
use crate::frame::Frame;
use crate::name::Name;
use crate::outbox::Outbox;

/// Finds a client by its name. A name is free as soon as its holder is gone.
#[registry(unique)]
pub struct Nicks(Name, Outbox);

/// Finds the clients in a room.
#[registry(duplicate)]
pub struct Rooms(Name, Member);

/// A client in a room.
///
/// News goes straight into its outbox and never into its mailbox, which would have no limit.
#[derive(Clone, Debug)]
pub struct Member {
    outbox: Outbox,
    /// The number of the first message that it gets. Those before are in the history that it is
    /// shown first, so that it sees each of them once and in order.
    from: Arc<AtomicU64>,
}

impl Member {
    /// One that gets no messages yet.
    pub fn new(outbox: Outbox) -> Member {
        Member { outbox, from: Arc::new(AtomicU64::new(u64::MAX)) }
    }

    /// Shows it what it has missed, and from now on the messages from this number on.
    pub fn open(&self, history: &Frame, from: u64) {
        self.outbox.push(history);
        self.from.store(from, Ordering::Relaxed);
    }
}

/// Tells everybody in a room something. It never waits for anybody.
///
/// # Errors
///
/// The registry is being restarted; nobody is in any room then.
pub(crate) fn announce(room: &Name, event: Event) -> Result<(), RegistryError> {
    let frame = Frame::from(event);
    Rooms::dispatch(room, |members| {
        members.iter().for_each(|member| member.value.outbox.push(&frame));
    })
}

/// Gives everybody in a room a message that was kept. Called by one process only, in the order of
/// the numbers.
///
/// # Errors
///
/// As [`announce`].
pub(crate) fn deliver(message: Message) -> Result<(), RegistryError> {
    let (room, number) = (message.room.clone(), message.number);
    let frame = Frame::from(Event::Message(message));
    Rooms::dispatch(&room, |members| {
        for Member { outbox, from } in members.iter().map(|member| &member.value) {
            if number >= from.load(Ordering::Relaxed) {
                outbox.push(&frame);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Page;
    use crate::frame::Format;
    use crate::outbox::Limit;

    #[otp::test]
    async fn a_member_sees_each_message_once_and_in_order() {
        Rooms::start_link().await.unwrap();
        let room: Name = "lobby".parse().unwrap();
        let said = |number| Message {
            room: "lobby".parse().unwrap(),
            number,
            time: 0,
            nick: "ann".parse().unwrap(),
            action: false,
            text: "hi".into(),
            id: None,
        };
        let outbox = Outbox::new(Format::Lines, Limit { messages: 9, bytes: 999 });
        let member = Member::new(outbox.clone());
        Rooms::register(room.clone(), member.clone()).unwrap();
        deliver(said(1)).unwrap(); // in the page below
        let messages = vec![said(1), said(2)];
        let page = Page { room: room.clone(), first: 1, messages, last: 2 };
        member.open(&Event::History(page).into(), 3);
        deliver(said(2)).unwrap(); // in the page above
        deliver(said(3)).unwrap();
        let seen: String = std::iter::from_fn(|| outbox.take()).map(|it| it.to_string()).collect();
        let line = |number: u64| format!("[lobby {number}] 00:00 <ann> hi\n");
        assert_eq!(seen, [1, 2, 3].map(line).concat());
    }
}
