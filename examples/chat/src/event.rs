//! What a client is told.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::name::Name;

/// One piece of news. As JSON its `type` says which: `{"type": "joined", "room": .., "nick": ..}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Event {
    /// You have this name now.
    Nick {
        /// Which.
        name: Name,
    },
    /// Somebody has said something; it is on disk.
    Message(Message),
    /// What you said is on disk, and this is its number.
    Sent {
        /// Where.
        room: Name,
        /// Its number.
        number: u64,
        /// What you called it.
        id: Arc<str>,
    },
    /// Messages of a room that were said before.
    History(Page),
    /// Somebody has entered a room.
    Joined {
        /// Which.
        room: Name,
        /// Who.
        nick: Name,
    },
    /// Somebody is gone from a room.
    Left {
        /// Which.
        room: Name,
        /// Who.
        nick: Name,
        /// Why.
        why: String,
    },
    /// Somebody in a room has another name now.
    Renamed {
        /// Where.
        room: Name,
        /// The name before.
        from: Name,
        /// The name now.
        to: Name,
    },
    /// Who is in a room.
    Members {
        /// Which.
        room: Name,
        /// Everybody, in order.
        members: Vec<Name>,
    },
    /// The rooms that have somebody in them.
    Rooms {
        /// All, in order.
        rooms: Vec<Occupied>,
    },
    /// What one person tells another; both get it.
    Private {
        /// Who.
        from: Name,
        /// Whom.
        to: Name,
        /// When, in milliseconds since 1970.
        time: u64,
        /// What.
        text: Arc<str>,
    },
    /// This connection reads too slowly.
    Dropped {
        /// How many messages for it were dropped.
        count: u64,
    },
    /// Something was not done.
    Error {
        /// Why.
        text: String,
        /// What you called it, if it had a name.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<Arc<str>>,
        /// Whether it is worth while to send it again.
        again: bool,
    },
    /// Something that everybody should know.
    Notice {
        /// What.
        text: String,
    },
    /// The commands of the line protocol.
    Help,
}

/// What somebody has said in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Where.
    pub room: Name,
    /// 1, 2, 3 and so on in each room; what is missing was not received.
    pub number: u64,
    /// When, in milliseconds since 1970.
    pub time: u64,
    /// Who.
    pub nick: Name,
    /// Whether it is what somebody does.
    pub action: bool,
    /// What.
    pub text: Arc<str>,
    /// What its sender called it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Arc<str>>,
}

/// Some messages of a room, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page {
    /// Which room.
    pub room: Name,
    /// The number of the oldest message that is still kept; 1 when there is none yet.
    pub first: u64,
    /// The messages.
    pub messages: Vec<Message>,
    /// The number of the newest message of the room; 0 when there is none yet. Whoever has not seen
    /// all up to it asks for those after the ones here.
    pub last: u64,
}

/// A room with somebody in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Occupied {
    /// Which.
    pub room: Name,
    /// How many are in it.
    pub members: usize,
}

impl Event {
    /// Something was not done, and will not be if it is asked for again.
    pub fn error(text: impl fmt::Display) -> Event {
        Event::Error { text: text.to_string(), id: None, again: false }
    }
}
