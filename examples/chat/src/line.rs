//! How events look as lines of text.

use std::fmt::{self, Display, Formatter};

use crate::command::HELP;
use crate::event::{Event, Message, Page};

/// An event as one line or several, without the last line end; nothing when a line client is not
/// told of it.
#[derive(Debug)]
pub(crate) struct Lines<'a>(pub &'a Event);

impl Display for Lines<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Event::Nick { name } => write!(f, "you are {name}"),
            Event::Message(message) => said(f, message),
            // A line client sees its own message with its number, which says the same.
            Event::Sent { .. } => Ok(()),
            Event::History(page) => history(f, page),
            Event::Joined { room, nick } => write!(f, "[{room}] {nick} joined"),
            Event::Left { room, nick, why } => write!(f, "[{room}] {nick} left: {why}"),
            Event::Renamed { room, from, to } => write!(f, "[{room}] {from} is {to} now"),
            Event::Members { room, members } => {
                write!(f, "[{room}] in the room: {}", list(members))
            }
            Event::Rooms { rooms } if rooms.is_empty() => f.write_str("nobody is in any room"),
            Event::Rooms { rooms } => {
                let rooms = rooms.iter().map(|it| format!("{} ({})", it.room, it.members));
                write!(f, "rooms: {}", list(rooms))
            }
            Event::Private { from, to, time, text } => {
                write!(f, "[private] {} <{from} to {to}> {text}", Clock(*time))
            }
            Event::Dropped { count } => {
                write!(f, "notice: {count} messages were dropped, as this connection reads slowly")
            }
            Event::Error { text, .. } => write!(f, "error: {text}"),
            Event::Notice { text } => write!(f, "notice: {text}"),
            Event::Help => f.write_str(&HELP.join("\n")),
        }
    }
}

fn said(f: &mut Formatter<'_>, message: &Message) -> fmt::Result {
    let Message { room, number, time, nick, action, text, .. } = message;
    let time = Clock(*time);
    match action {
        true => write!(f, "[{room} {number}] {time} * {nick} {text}"),
        false => write!(f, "[{room} {number}] {time} <{nick}> {text}"),
    }
}

fn history(f: &mut Formatter<'_>, page: &Page) -> fmt::Result {
    if page.messages.is_empty() {
        return write!(f, "[{}] no messages", page.room);
    }
    for (index, message) in page.messages.iter().enumerate() {
        if index > 0 {
            f.write_str("\n")?;
        }
        said(f, message)?;
    }
    Ok(())
}

fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(", ")
}

/// The time of day, in UTC.
struct Clock(u64);

impl Display for Clock {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let minutes = self.0 / 60_000;
        write!(f, "{:02}:{:02}", minutes / 60 % 24, minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Name;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    fn message(number: u64, action: bool) -> Message {
        let (room, nick, text) = (name("lobby"), name("ann"), "hi".into());
        Message { room, number, time: 51_000_000, nick, action, text, id: None }
    }

    #[test]
    fn events_are_lines() {
        let shown = |event: &Event| Lines(event).to_string();
        assert_eq!(shown(&Event::Message(message(7, false))), "[lobby 7] 14:10 <ann> hi");
        assert_eq!(shown(&Event::Message(message(7, true))), "[lobby 7] 14:10 * ann hi");
        assert_eq!(shown(&Event::error("no")), "error: no");
        let messages = vec![message(1, false), message(2, false)];
        let page = Page { room: name("lobby"), first: 1, messages, last: 2 };
        let lines = "[lobby 1] 14:10 <ann> hi\n[lobby 2] 14:10 <ann> hi";
        assert_eq!(shown(&Event::History(page)), lines);
        let members = vec![name("ann"), name("bob")];
        let members = Event::Members { room: name("lobby"), members };
        assert_eq!(shown(&members), "[lobby] in the room: ann, bob");
        let sent = Event::Sent { room: name("lobby"), number: 1, id: "x".into() };
        assert_eq!(shown(&sent), "");
    }
}
