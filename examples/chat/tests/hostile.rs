//! What comes from people who mean no good, and that it hurts nobody else.

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use harness::DEADLINE;
use rustix::net::sockopt;
use serde_json::json;
use support::{Chat, Lines, chat, command, database};
use tokio_tungstenite::tungstenite::Message;

/// Two people who talk, before and after something happens.
struct Talk {
    ann: Lines,
    bob: Lines,
    said: u32,
}

impl Talk {
    fn begin(chat: &Chat) -> Talk {
        let mut ann = chat.lines_in("ann", "lobby");
        let bob = chat.lines_in("bob", "lobby");
        ann.until("bob joined");
        Talk { ann, bob, said: 0 }
    }

    fn goes_on(&mut self) {
        self.said += 1;
        let text = format!("undisturbed {}", self.said);
        self.ann.say(&text);
        self.bob.until(&text);
        self.ann.until(&text);
    }
}

#[test]
fn a_bad_line_is_refused_and_the_next_one_is_read() {
    let chat = chat("bad-lines");
    let mut talk = Talk::begin(&chat);
    let mut eve = chat.lines();
    let hostile: [(Vec<u8>, &str); 5] = [
        (b"\xff\xfe\xc0\n".to_vec(), "error: a line must be UTF-8; this one is ignored"),
        (
            [vec![b'x'; 100_000], b"\n".to_vec()].concat(),
            "error: a line has at most 8192 bytes; this one is ignored",
        ),
        (b"/nick \x1b[2Jeve\n".to_vec(), "not '\\u{1b}'"),
        (b"/nick \xe2\x80\xaeeve\n".to_vec(), "not '\\u{202e}'"),
        (b"/nick <img/src=x>\n".to_vec(), "not '<'"),
    ];
    for (bytes, refusal) in hostile {
        eve.raw(&bytes);
        let error = eve.find("error");
        assert!(error.ends_with(refusal), "{error}");
        talk.goes_on();
    }
    eve.say("/nick eve\n/join lobby\n\u{1b}[2Jhello");
    assert_eq!(eve.find("error"), "error: a text cannot have the control character U+001B");
    eve.say("still here");
    talk.bob.until("<eve> still here");
    chat.stop();
}

#[test]
fn a_bad_message_is_refused_and_an_unreadable_one_ends_the_connection() {
    let chat = chat("bad-messages");
    let mut talk = Talk::begin(&chat);
    let mut eve = chat.socket_in("eve", "lobby");
    let deep = "[".repeat(16_000);
    for bad in ["", "{", "[]", "null", "{\"type\":\"dance\"}", "{\"type\":\"join\"}", &deep] {
        eve.raw(Message::text(bad));
        let text = eve.until("error")["text"].as_str().unwrap().to_owned();
        assert!(text.starts_with("this is no command: "), "{text}");
    }
    eve.raw(Message::binary(vec![0, 1, 2]));
    assert_eq!(eve.until("error")["text"], "commands are text");
    talk.goes_on();
    // More than a message may have: it is not even read to its end.
    let long = json!({ "type": "say", "room": "lobby", "text": "x".repeat(100_000) });
    let _ = eve.try_send(long);
    while eve.next().is_some() {}
    talk.bob.until("eve left: sent something unreadable");
    talk.goes_on();
    chat.stop();
}

#[test]
fn bytes_that_are_neither_protocol_hurt_nobody() {
    let chat = chat("noise");
    let mut talk = Talk::begin(&chat);
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..40 {
        let noise: Vec<u8> = (0..random.usize(1..4_000)).map(|_| random.u8(..)).collect();
        let address = if round % 2 == 0 { &chat.tcp } else { &chat.http };
        let mut stream = TcpStream::connect(address).unwrap();
        let upgrade = "GET /socket HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        if round % 4 == 1 {
            stream.write_all(upgrade.as_bytes()).unwrap();
        }
        // The server may have closed the connection in the middle of it.
        let _ = stream.write_all(&noise);
    }
    talk.goes_on();
    chat.stop();
}

/// Somebody who types without end is read no faster than anybody may type.
#[test]
fn a_flood_is_slowed_down() {
    let mut command = command(&database("flood"));
    command.env("CHAT_RATE", "50").env("CHAT_BURST", "10");
    let chat = Chat::start(command);
    let mut talk = Talk::begin(&chat);
    let mut eve = chat.lines();
    let begun = Instant::now();
    eve.raw(&b"/rooms\n".repeat(60));
    talk.goes_on();
    (0..60).for_each(|_| drop(eve.find("rooms:")));
    // Fifty of them have to wait for their turn. No machine is so fast that they need not.
    assert!(begun.elapsed() >= Duration::from_millis(950), "{:?}", begun.elapsed());
    // Who goes on is not read on: the buffers of both sides fill up.
    let mut flood = eve.stream().try_clone().unwrap();
    flood.set_nonblocking(true).unwrap();
    let lines = b"/rooms\n".repeat(1_000);
    let held = harness::until("the flood to be held back", || {
        flood.write_all(&lines).err().map(|error| error.kind())
    });
    assert_eq!(held, std::io::ErrorKind::WouldBlock);
    talk.goes_on();
    chat.stop();
}

/// A client whose cable was pulled: the connection is open, but nobody answers.
#[test]
fn a_half_open_socket_is_given_up() {
    let mut command = command(&database("half-open"));
    command.env("CHAT_PING", "100ms");
    let chat = Chat::start(command);
    let mut bob = chat.lines_in("bob", "lobby");
    let eve = chat.socket_in("eve", "lobby");
    bob.until("eve joined");
    // Nothing reads the socket, so nothing answers the pings. The other one is quiet as well, but
    // answers them.
    let mut quiet = chat.socket_in("quiet", "lobby");
    let quiet = std::thread::spawn(move || quiet.until("left"));
    assert_eq!(bob.find("left"), "[lobby] eve left: gave no sign of life");
    assert_eq!(quiet.join().unwrap()["nick"], "eve");
    drop(eve);
    chat.stop();
}

/// Somebody who only listens has nothing to say but the answers to pings, also in a busy room.
#[test]
fn a_listener_in_a_busy_room_is_asked_for_signs_of_life() {
    let mut command = command(&database("listener"));
    command.env("CHAT_PING", "200ms");
    let chat = Chat::start(command);
    let mut bob = chat.lines_in("bob", "lobby");
    let mut listener = chat.socket_in("listener", "lobby");
    let listening = std::thread::spawn(move || listener.pings(5));
    let mut said = 0;
    while !listening.is_finished() {
        said += 1;
        bob.say(&format!("busy {said}"));
        bob.until(&format!("busy {said}"));
    }
    assert!(listening.join().unwrap(), "the listener was disconnected");
    chat.stop();
}

/// A socket that is closed with something unread in it drops what was not delivered yet, so the
/// server reads on for a moment.
#[test]
fn a_goodbye_arrives_whatever_follows_it() {
    let chat = chat("goodbye");
    let mut bob = chat.lines_in("bob", "lobby");
    for number in 1..=16 {
        bob.say(&format!("{number} {}", "x".repeat(3_900)));
        bob.until("<bob>");
    }
    let mut eve = chat.lines_in("eve", "lobby");
    bob.until("eve joined");
    // So much that eve, who reads nothing for now, cannot have it all.
    sockopt::set_socket_recv_buffer_size(eve.stream(), 4 << 10).unwrap();
    let last = b"/history lobby 16\n/history lobby 16\n/quit\n".to_vec();
    eve.raw(&[last, b"and more\n".repeat(5_000)].concat());
    assert_eq!(bob.find("left"), "[lobby] eve left: said goodbye");
    sockopt::set_socket_recv_buffer_size(eve.stream(), 1 << 20).unwrap();
    assert_eq!(eve.rest().last().unwrap(), "notice: goodbye");
    chat.stop();
}

/// Who never finishes a line or a request costs a connection and nothing else.
#[test]
fn unfinished_things_are_kept_apart() {
    let chat = chat("unfinished");
    let mut talk = Talk::begin(&chat);
    let mut open = Vec::new();
    for address in [&chat.tcp, &chat.http].into_iter().cycle().take(100) {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /soc").unwrap();
        open.push(stream);
    }
    talk.goes_on();
    drop(open);
    talk.goes_on();
    let mut stream = TcpStream::connect(&chat.http).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(b"NONSENSE\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    chat.stop();
}
