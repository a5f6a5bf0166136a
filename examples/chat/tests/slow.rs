//! A client that does not read: what it costs, what it misses, and when it is given up.

mod support;

use std::net::{SocketAddr, TcpStream};

use rustix::net::sockopt;
use support::{Chat, Lines, command, database};

/// A line client with a small buffer of its own, so that not reading is felt soon.
fn stuck(chat: &Chat, nick: &str) -> TcpStream {
    let lines = chat.lines_in(nick, "lobby");
    let stream = lines.stream().try_clone().unwrap();
    sockopt::set_socket_recv_buffer_size(&stream, 4 << 10).unwrap();
    stream
}

/// It reads as fast as others again.
fn reading_again(stream: TcpStream) -> Lines {
    sockopt::set_socket_recv_buffer_size(&stream, 1 << 20).unwrap();
    Lines::of(stream)
}

const TEXT: usize = 3_900;

/// Says so much that no buffer holds it, and that one reader gets every word.
fn talk(chat: &Chat, messages: u32) -> Vec<u32> {
    let mut bob = chat.lines_in("bob", "lobby");
    let mut seen = Vec::new();
    for number in 1..=messages {
        bob.say(&format!("{number} {}", "x".repeat(TEXT)));
        let line = bob.find("<bob>");
        let (_, rest) = line.split_once("<bob> ").unwrap();
        seen.push(rest.split(' ').next().unwrap().parse().unwrap());
    }
    seen
}

#[test]
fn a_stuck_client_misses_the_oldest_and_is_told_so() {
    let mut command = command(&database("stuck"));
    command.env("CHAT_OUTBOX_BYTES", "100000");
    let chat = Chat::start(command);
    let stuck = stuck(&chat, "stuck");
    let messages = 200;
    let seen = talk(&chat, messages);
    assert_eq!(seen, (1..=messages).collect::<Vec<_>>(), "the others get everything");
    // When it reads again, it sees what the system held, the notice, and the newest ones.
    let mut stuck = reading_again(stuck);
    let lines = stuck.until(&format!("<bob> {messages} "));
    let notice = lines.iter().position(|line| line.contains("messages were dropped"));
    let notice = notice.expect("it is told");
    let dropped: usize = lines[notice].split(' ').nth(1).unwrap().parse().unwrap();
    let is_message = |line: &&String| line.contains("<bob>");
    let after = lines[notice..].iter().filter(is_message).count();
    let received = lines.iter().filter(is_message).count();
    assert!(after * TEXT <= 100_000, "{after} messages were in the outbox");
    // What it did not get was dropped and counted; bob's joining may be among it.
    let missed = messages as usize - received;
    assert!(dropped == missed || dropped == missed + 1, "{dropped} dropped, {missed} missed");
    assert!(missed > 80, "{missed} missed");
    chat.stop();
}

#[test]
fn a_stuck_client_is_given_up() {
    let mut command = command(&database("given-up"));
    command.env("CHAT_OUTBOX_BYTES", "100000").env("CHAT_PATIENCE", "300ms");
    let chat = Chat::start(command);
    let mut ann = chat.lines_in("ann", "lobby");
    let stuck = stuck(&chat, "stuck");
    let talking = std::thread::spawn({
        let tcp: SocketAddr = chat.tcp.parse().unwrap();
        move || {
            let mut bob = Lines::connect(&tcp.to_string());
            bob.say("/nick bob\n/join lobby");
            bob.until("in the room");
            for _ in 0..2_000 {
                bob.say(&"x".repeat(TEXT));
                let left = bob.until("<bob>").into_iter().find(|line| line.contains("left"));
                if let Some(left) = left {
                    return left;
                }
            }
            panic!("the stuck client is still there");
        }
    });
    assert_eq!(ann.find("left"), "[lobby] stuck left: read too slowly");
    assert_eq!(talking.join().unwrap(), "[lobby] stuck left: read too slowly");
    // Its name is free, and its connection over.
    chat.lines_in("stuck", "lobby");
    reading_again(stuck).rest();
    chat.stop();
}
