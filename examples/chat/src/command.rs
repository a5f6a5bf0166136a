//! What a client can ask for, in the same words over TCP and WebSocket.

use serde::Deserialize;

use crate::name::Name;

/// All commands of the line protocol.
pub(crate) const HELP: &[&str] = &[
    "/nick name         take a name; needed before anything is said",
    "/join room         enter a room and see its last messages",
    "/leave room        leave a room",
    "/rooms             the rooms that have somebody in them",
    "/who room          who is in a room",
    "/msg nick text     tell one person something; it is not kept",
    "/me text           say what you do",
    "/history room [n]  the last n messages of a room",
    "/help              these lines",
    "/quit              say goodbye",
    "Any other line is said in the room that was joined last; `//` begins a text with a slash.",
];

/// How many messages a history has when nothing is said.
const HISTORY: usize = 20;

/// One wish. As JSON its `type` says which: `{"type": "join", "room": "lobby"}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Command {
    /// Take a name, or another one.
    Nick {
        /// Which.
        name: Name,
    },
    /// Enter a room.
    Join {
        /// Which.
        room: Name,
        /// The number of the last message that is known already: show what came after.
        after: Option<u64>,
    },
    /// Leave a room.
    Leave {
        /// Which.
        room: Name,
    },
    /// List the rooms.
    Rooms,
    /// List who is in a room.
    Who {
        /// Which.
        room: Name,
    },
    /// Tell one person something.
    Msg {
        /// Whom.
        nick: Name,
        /// What.
        text: String,
    },
    /// Say something in a room.
    Say(Speech),
    /// Say what one does.
    Me(Speech),
    /// Show messages of a room.
    History {
        /// Which.
        room: Name,
        /// Those after this number; without it, the last ones.
        after: Option<u64>,
        /// How many at most.
        limit: Option<usize>,
    },
    /// List the commands.
    Help,
    /// Say goodbye.
    Quit,
}

/// A text for a room.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Speech {
    /// Which; without it, the one that was joined last.
    pub room: Option<Name>,
    /// The text, not checked yet.
    pub text: String,
    /// Made by the client: a text that is sent twice with the same one is said once.
    pub id: Option<String>,
}

impl Command {
    /// Reads a line.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as a text for whoever typed it.
    pub(crate) fn parse(line: &str) -> Result<Command, String> {
        let line = line.trim();
        let Some(command) = line.strip_prefix('/') else { return Ok(Command::Say(speech(line))) };
        if command.starts_with('/') {
            return Ok(Command::Say(speech(command)));
        }
        let (word, rest) = cut(command);
        let name = |usage: &str| match rest {
            "" => Err(format!("usage: {usage}")),
            name => name.parse().map_err(|error| format!("{error}")),
        };
        match word {
            "nick" => Ok(Command::Nick { name: name("/nick name")? }),
            "join" => Ok(Command::Join { room: name("/join room")?, after: None }),
            "leave" => Ok(Command::Leave { room: name("/leave room")? }),
            "rooms" => Ok(Command::Rooms),
            "who" => Ok(Command::Who { room: name("/who room")? }),
            "msg" => private(rest),
            "me" => Ok(Command::Me(speech(rest))),
            "history" => history(rest),
            "help" => Ok(Command::Help),
            "quit" => Ok(Command::Quit),
            _ => Err("there is no such command; /help lists them".to_owned()),
        }
    }
}

fn speech(text: &str) -> Speech {
    Speech { room: None, text: text.to_owned(), id: None }
}

fn private(rest: &str) -> Result<Command, String> {
    match cut(rest) {
        (_, "") => Err("usage: /msg nick text".to_owned()),
        (nick, text) => {
            let nick = nick.parse().map_err(|error| format!("{error}"))?;
            Ok(Command::Msg { nick, text: text.to_owned() })
        }
    }
}

fn history(rest: &str) -> Result<Command, String> {
    let (room, limit) = cut(rest);
    if room.is_empty() {
        return Err("usage: /history room [n]".to_owned());
    }
    let limit = match limit {
        "" => HISTORY,
        limit => limit.parse().map_err(|_| format!("{limit:?} is not a number of messages"))?,
    };
    let room = room.parse().map_err(|error| format!("{error}"))?;
    Ok(Command::History { room, after: None, limit: Some(limit) })
}

/// The first word and what follows it.
fn cut(text: &str) -> (&str, &str) {
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim()),
        None => (text, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    #[test]
    fn lines_are_read() {
        let lobby = || name("lobby");
        let cases = [
            ("/nick Ann", Command::Nick { name: name("ann") }),
            (" /join  lobby \r", Command::Join { room: lobby(), after: None }),
            ("/leave lobby", Command::Leave { room: lobby() }),
            ("/rooms", Command::Rooms),
            ("/who lobby", Command::Who { room: lobby() }),
            ("/msg bob a  b", Command::Msg { nick: name("bob"), text: "a  b".to_owned() }),
            ("/me waves", Command::Me(speech("waves"))),
            ("hello /all", Command::Say(speech("hello /all"))),
            ("//help", Command::Say(speech("/help"))),
            ("", Command::Say(speech(""))),
            ("/history lobby 3", Command::History { room: lobby(), after: None, limit: Some(3) }),
            ("/history lobby", Command::History { room: lobby(), after: None, limit: Some(20) }),
            ("/help", Command::Help),
            ("/quit", Command::Quit),
        ];
        for (line, command) in cases {
            assert_eq!(Command::parse(line), Ok(command), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let cases = [
            ("/dance", "there is no such command; /help lists them"),
            ("/nick", "usage: /nick name"),
            ("/nick a b", "a name has letters, digits, `-` and `_` only, not ' '"),
            ("/msg bob", "usage: /msg nick text"),
            ("/history", "usage: /history room [n]"),
            ("/history lobby many", "\"many\" is not a number of messages"),
            ("/history lobby -1", "\"-1\" is not a number of messages"),
        ];
        for (line, text) in cases {
            assert_eq!(Command::parse(line), Err(text.to_owned()), "{line}");
        }
    }

    #[test]
    fn json_is_read() {
        let read = |text| serde_json::from_str::<Command>(text).map_err(|error| error.to_string());
        let join = Command::Join { room: name("lobby"), after: Some(7) };
        assert_eq!(read(r#"{"type":"join","room":"Lobby","after":7}"#), Ok(join));
        assert_eq!(read(r#"{"type":"rooms"}"#), Ok(Command::Rooms));
        let said = read(r#"{"type":"say","room":"lobby","text":"<b>","id":"1"}"#).unwrap();
        let speech =
            Speech { room: Some(name("lobby")), text: "<b>".to_owned(), id: Some("1".to_owned()) };
        assert_eq!(said, Command::Say(speech));
        assert!(read(r#"{"type":"dance"}"#).unwrap_err().contains("unknown variant `dance`"));
        assert!(read(r#"{"type":"say"}"#).unwrap_err().contains("missing field `text`"));
        assert!(read("[[[[").is_err());
    }
}
