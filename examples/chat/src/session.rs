//! What a client may do: the one place where commands are understood, for both protocols.

use std::sync::Arc;

use otp::prelude::*;

use crate::command::{Command, Speech};
use crate::event::Event;
use crate::history::History;
use crate::name::Name;
use crate::outbox::Outbox;
use crate::presence::Presence;
use crate::rooms::{Member, Nicks, Rooms};
use crate::store::{Draft, Query, now};
use crate::text::{Text, TextError};

/// In how many rooms somebody may be.
const MOST_ROOMS: usize = 20;

/// How many messages somebody sees who enters a room.
const SHOWN: usize = 50;

/// The longest id of a message, in bytes.
const LONGEST_ID: usize = 64;

/// What a client has done so far.
///
/// It waits for the history as long as the disk takes: whoever gave up earlier would ask again, and
/// a disk that is slow would get ever more to do.
#[derive(Debug)]
pub(crate) struct Session {
    outbox: Outbox,
    nick: Option<Name>,
    rooms: Vec<Name>,
    /// Where lines without a room go.
    current: Option<Name>,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// Somebody without a name.
    #[error("you have no name yet; /nick takes one")]
    NoName,
    /// The name has a holder.
    #[error("{0} is taken; choose another name")]
    Taken(Name),
    /// Nobody has the name.
    #[error("nobody is called {0}")]
    Nobody(Name),
    /// A text without a place to go.
    #[error("you are in no room yet; /join enters one")]
    NoRoom,
    /// A room that must be entered first.
    #[error("you are not in {0}")]
    NotIn(Name),
    /// Too many of them.
    #[error("you are in {MOST_ROOMS} rooms already; /leave one first")]
    TooManyRooms,
    /// A text that cannot be said.
    #[error(transparent)]
    Text(#[from] TextError),
    /// An id that is none.
    #[error("the id of a message has 1 to {LONGEST_ID} bytes")]
    Id,
    /// A part of the program is being restarted.
    #[error("the server cannot do that right now: {0}")]
    Registry(#[from] RegistryError),
    /// A part of the program did not answer.
    #[error("the server cannot do that right now: {0}")]
    Call(#[from] CallError),
}

impl Refusal {
    /// Whether the same may succeed later. A message that was not acknowledged may have been kept;
    /// with an id it can be sent again all the same.
    fn again(&self) -> bool {
        matches!(self, Refusal::Registry(_) | Refusal::Call(_))
    }
}

impl Session {
    /// Somebody who has just come.
    pub(crate) fn new(outbox: Outbox) -> Session {
        Session { outbox, nick: None, rooms: Vec::new(), current: None }
    }

    /// Does what a client wants and tells it the outcome. Must run in the client's process, which
    /// is who enters rooms.
    pub(crate) async fn run(&mut self, command: Command) {
        let id = match &command {
            Command::Say(speech) | Command::Me(speech) => speech.id.as_deref().map(Arc::from),
            _ => None,
        };
        if let Err(refusal) = self.perform(command).await {
            let (text, again) = (refusal.to_string(), refusal.again());
            self.outbox.tell(Event::Error { text, id, again });
        }
    }

    async fn perform(&mut self, command: Command) -> Result<(), Refusal> {
        match command {
            Command::Nick { name } => self.rename(name).await?,
            Command::Join { room, after } => self.join(room, after).await?,
            Command::Leave { room } => self.leave(room).await?,
            Command::Rooms => {
                let rooms = Presence::client().rooms().await?;
                self.outbox.tell(Event::Rooms { rooms });
            }
            Command::Who { room } => {
                let members = Presence::client().members(room.clone()).await?;
                self.outbox.tell(Event::Members { room, members });
            }
            Command::Msg { nick, text } => self.whisper(nick, &text)?,
            Command::Say(speech) => self.say(speech, false).await?,
            Command::Me(speech) => self.say(speech, true).await?,
            Command::History { room, after, limit } => {
                let limit = limit.unwrap_or(SHOWN);
                let reader = Member::new(self.outbox.clone());
                History::client().show(Query { room, after, limit }, reader).infinity().await?;
            }
            Command::Help => self.outbox.tell(Event::Help),
            Command::Quit => {} // the connection's business
        }
        Ok(())
    }

    fn nick(&self) -> Result<&Name, Refusal> {
        self.nick.as_ref().ok_or(Refusal::NoName)
    }

    async fn rename(&mut self, name: Name) -> Result<(), Refusal> {
        if self.nick.as_ref() != Some(&name) {
            match Nicks::register(name.clone(), self.outbox.clone()) {
                Ok(()) => {}
                Err(RegistryError::AlreadyRegistered { .. }) => return Err(Refusal::Taken(name)),
                Err(error) => return Err(error.into()),
            }
            if let Some(before) = self.nick.replace(name.clone()) {
                Nicks::unregister(&before)?;
                Presence::client().renamed(process::self_pid(), name.clone()).await?;
            }
        }
        self.outbox.tell(Event::Nick { name });
        Ok(())
    }

    async fn join(&mut self, room: Name, after: Option<u64>) -> Result<(), Refusal> {
        let nick = self.nick()?.clone();
        if !self.rooms.contains(&room) {
            if self.rooms.len() >= MOST_ROOMS {
                return Err(Refusal::TooManyRooms);
            }
            let member = Member::new(self.outbox.clone());
            Rooms::register(room.clone(), member.clone())?;
            let query = Query { room: room.clone(), after, limit: SHOWN };
            if let Err(error) = History::client().show(query, member).infinity().await {
                Rooms::unregister(&room)?;
                return Err(error.into());
            }
            self.rooms.push(room.clone());
        }
        self.current = Some(room.clone());
        let pid = process::self_pid();
        let members = Presence::client().joined(pid, nick, room.clone()).await?;
        self.outbox.tell(Event::Members { room, members });
        Ok(())
    }

    async fn leave(&mut self, room: Name) -> Result<(), Refusal> {
        let place = self.rooms.iter().position(|other| *other == room);
        let Some(place) = place else { return Err(Refusal::NotIn(room)) };
        // Announced while it is still there, so that it hears of it as well.
        Presence::client().left(process::self_pid(), room.clone()).await?;
        Rooms::unregister(&room)?;
        self.rooms.remove(place);
        if self.current.as_ref() == Some(&room) {
            self.current = self.rooms.last().cloned();
        }
        Ok(())
    }

    fn whisper(&mut self, to: Name, text: &str) -> Result<(), Refusal> {
        let from = self.nick()?.clone();
        let text = Text::new(text)?.into();
        let Some(holder) = Nicks::lookup(&to)? else { return Err(Refusal::Nobody(to)) };
        let itself = to == from;
        let frame = Event::Private { from, to, time: now(), text }.into();
        holder.value.push(&frame);
        if !itself {
            self.outbox.push(&frame);
        }
        Ok(())
    }

    async fn say(&mut self, speech: Speech, action: bool) -> Result<(), Refusal> {
        let nick = self.nick()?.clone();
        let Speech { room, text, id } = speech;
        let room = room.or_else(|| self.current.clone()).ok_or(Refusal::NoRoom)?;
        if !self.rooms.contains(&room) {
            return Err(Refusal::NotIn(room));
        }
        let text = Text::new(&text)?.into();
        if id.as_ref().is_some_and(|id| id.is_empty() || id.len() > LONGEST_ID) {
            return Err(Refusal::Id);
        }
        let id: Option<Arc<str>> = id.map(Arc::from);
        let draft = Draft { room: room.clone(), nick, action, text, id: id.clone() };
        let number = History::client().keep(draft).infinity().await?;
        if let Some(id) = id {
            self.outbox.tell(Event::Sent { room, number, id });
        }
        Ok(())
    }
}
