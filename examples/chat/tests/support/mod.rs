//! The program, and clients of both protocols.

#![allow(dead_code, unreachable_pub)] // each test uses its part

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use harness::{DEADLINE, Ended, Program, Signal};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{self, Message, WebSocket, client::IntoClientRequest};

/// A running chat server.
pub struct Chat {
    program: Program,
    /// Where the page is.
    pub http: String,
    /// Where lines are spoken.
    pub tcp: String,
}

/// The program with free ports and a database of its own.
pub fn command(database: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat"));
    command.env_remove("OTP_CONFIG").current_dir(database.parent().unwrap());
    command.env("CHAT_HTTP", "127.0.0.1:0").env("CHAT_TCP", "127.0.0.1:0");
    command.env("CHAT_DATABASE", database);
    // Tests type faster than people.
    command.env("CHAT_RATE", "100000").env("CHAT_BURST", "100000");
    command
}

/// A database in an empty folder.
pub fn database(name: &str) -> PathBuf {
    harness::folder(env!("CARGO_TARGET_TMPDIR"), name).join("chat.redb")
}

/// A file may not be open twice, so tests that look into one wait for the program to be gone.
pub fn chat(name: &str) -> Chat {
    Chat::start(command(&database(name)))
}

impl Chat {
    pub fn start(command: Command) -> Chat {
        let program = Program::start(command);
        let http = program.address();
        let tcp = program.wait_for(|line| {
            let (_, rest) = line.split_once("lines: nc ")?;
            Some(rest.replace(' ', ":"))
        });
        Chat { program, http, tcp }
    }

    pub fn pid(&self) -> u32 {
        self.program.pid()
    }

    pub fn lines(&self) -> Lines {
        Lines::connect(&self.tcp)
    }

    /// A line client with a name, in a room.
    pub fn lines_in(&self, nick: &str, room: &str) -> Lines {
        let mut lines = self.lines();
        lines.say(&format!("/nick {nick}\n/join {room}"));
        lines.until(&format!("[{room}] in the room: "));
        lines
    }

    pub fn socket(&self) -> Socket {
        Socket::connect(&self.http)
    }

    /// A WebSocket client with a name, in a room.
    pub fn socket_in(&self, nick: &str, room: &str) -> Socket {
        let mut socket = self.socket();
        socket.send(json!({ "type": "nick", "name": nick }));
        socket.send(json!({ "type": "join", "room": room }));
        socket.until("members");
        socket
    }

    pub fn kill(self) -> Ended {
        self.program.kill()
    }

    pub fn signal(&self, signal: Signal) {
        self.program.signal(signal);
    }

    pub fn wait(self) -> Ended {
        self.program.wait()
    }

    /// Asks it to end, and expects that it does so well.
    pub fn stop(self) {
        self.program.signal(Signal::Term);
        let ended = self.program.wait();
        assert_eq!((ended.code, &ended.stderr), (Some(0), &Vec::new()), "{ended:?}");
    }
}

/// A client of the line protocol.
pub struct Lines(BufReader<TcpStream>);

impl Lines {
    pub fn connect(address: &str) -> Lines {
        Lines::of(TcpStream::connect(address).unwrap())
    }

    pub fn of(stream: TcpStream) -> Lines {
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Lines(BufReader::new(stream))
    }

    pub fn stream(&self) -> &TcpStream {
        self.0.get_ref()
    }

    pub fn say(&mut self, line: &str) {
        self.raw(format!("{line}\n").as_bytes());
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    /// The next line; `None` at the end.
    pub fn next(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.0.read_line(&mut line) {
            Ok(0) => None,
            Ok(_) => Some(line.trim_end().to_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => None,
            Err(error) => panic!("no line: {error}"),
        }
    }

    /// All lines up to the first that has a text in it, which is the last of them.
    pub fn until(&mut self, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let next = self.next();
            let line = next.unwrap_or_else(|| panic!("{text:?} is not in {lines:#?}"));
            let found = line.contains(text);
            lines.push(line);
            if found {
                return lines;
            }
        }
    }

    /// The first line that has a text in it.
    pub fn find(&mut self, text: &str) -> String {
        self.until(text).pop().unwrap()
    }

    /// Whatever comes until the end.
    pub fn rest(mut self) -> Vec<String> {
        std::iter::from_fn(|| self.next()).collect()
    }
}

/// A WebSocket client.
pub struct Socket(WebSocket<TcpStream>);

impl Socket {
    pub fn connect(address: &str) -> Socket {
        Socket::try_connect(address, None).expect("the server takes it")
    }

    pub fn try_connect(address: &str, origin: Option<&str>) -> Result<Socket, String> {
        let stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut request = format!("ws://{address}/socket").into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        let (socket, _) =
            tungstenite::client(request, stream).map_err(|error| error.to_string())?;
        Ok(Socket(socket))
    }

    pub fn stream(&self) -> &TcpStream {
        self.0.get_ref()
    }

    pub fn send(&mut self, command: Value) {
        self.try_send(command).unwrap();
    }

    pub fn try_send(&mut self, command: Value) -> tungstenite::Result<()> {
        self.0.send(Message::text(command.to_string()))
    }

    pub fn raw(&mut self, message: Message) {
        self.0.send(message).unwrap();
    }

    /// The next event; `None` at the end.
    pub fn next(&mut self) -> Option<Value> {
        loop {
            match self.0.read() {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(_) => {}
                Err(tungstenite::Error::Io(error))
                    if error.kind() == std::io::ErrorKind::WouldBlock =>
                {
                    panic!("no event in time")
                }
                Err(_) => return None,
            }
        }
    }

    /// Answers so many pings; whether they came before the end.
    pub fn pings(&mut self, mut count: u32) -> bool {
        while count > 0 {
            match self.0.read() {
                Ok(message) => count -= u32::from(message.is_ping()),
                Err(_) => return false,
            }
        }
        true
    }

    /// The next event of a type.
    pub fn until(&mut self, kind: &str) -> Value {
        let mut seen = Vec::new();
        loop {
            let next = self.next();
            let event = next.unwrap_or_else(|| panic!("{kind:?} is not in {seen:#?}"));
            if event["type"] == kind {
                return event;
            }
            seen.push(event);
        }
    }

    /// Says something in a room and waits until it is acknowledged.
    pub fn say(&mut self, room: &str, text: &str, id: &str) -> u64 {
        self.send(json!({ "type": "say", "room": room, "text": text, "id": id }));
        self.until("sent")["number"].as_u64().unwrap()
    }

    /// All messages of a room that are kept, as they are given page by page.
    pub fn history(&mut self, room: &str) -> Vec<Value> {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            self.send(json!({ "type": "history", "room": room, "after": after }));
            let mut page = self.until("history");
            let messages = page["messages"].as_array_mut().unwrap();
            let Some(last) = messages.last() else { return all };
            after = last["number"].as_u64().unwrap();
            all.append(messages);
        }
    }
}

/// What an HTTP server answers to a GET.
pub fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
