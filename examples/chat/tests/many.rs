//! Many sockets at once.

mod support;

use std::io::Write;
use std::net::TcpStream;

use serde_json::json;
use support::{Chat, Lines, Socket, command, database};

const SOCKETS: usize = 5_000;

/// Whether this test may have so many sockets; if not, it says so.
fn enough_files() -> bool {
    let wanted = SOCKETS as u64 + 100;
    let limit = chat::raise_limit().expect("the limit can be raised to what is allowed");
    if limit.is_none_or(|limit| limit >= wanted) {
        return true;
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "only {limit:?} files may be open");
    // Past what captures the output of tests.
    let _ = writeln!(std::io::stderr(), "skipped: needs {wanted} open files");
    false
}

#[test]
fn five_thousand_idle_sockets_and_a_conversation() {
    if !enough_files() {
        return;
    }
    let chat = Chat::start(command(&database("many")));
    let mut ann = chat.lines_in("ann", "lobby");
    let mut bob = chat.socket_in("bob", "lobby");
    ann.until("bob joined");
    let (mut lines, mut sockets) = (Vec::new(), Vec::new());
    for number in 0..SOCKETS {
        match number % 2 {
            0 => lines.push(Lines::of(TcpStream::connect(&chat.tcp).unwrap())),
            _ => sockets.push(Socket::connect(&chat.http)),
        }
        if number % 500 == 0 {
            ann.say(&format!("hello {number}"));
            assert_eq!(bob.until("message")["text"], format!("hello {number}"));
        }
    }
    // All of them are served.
    for client in &mut lines {
        client.until("welcome");
    }
    for client in &mut sockets {
        client.until("notice");
    }
    bob.send(json!({ "type": "say", "room": "lobby", "text": "still here", "id": "1" }));
    ann.until("still here");
    lines[17].say("/nick somebody\n/join lobby");
    ann.until("somebody joined");
    sockets[17].send(json!({ "type": "nick", "name": "else" }));
    sockets[17].until("nick");
    drop((lines, sockets));
    ann.until("somebody left");
    chat.stop();
}
