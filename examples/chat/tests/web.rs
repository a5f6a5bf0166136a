//! WebSockets and the page, and people of both protocols in one room.

mod support;

use serde_json::{Value, json};
use support::{Chat, Socket, chat, command, database, get};

#[test]
fn both_protocols_meet_in_one_room() {
    let chat = chat("both");
    let mut ann = chat.socket_in("ann", "lobby");
    let mut bob = chat.lines_in("bob", "lobby");
    assert_eq!(ann.until("joined"), json!({ "type": "joined", "room": "lobby", "nick": "bob" }));
    assert_eq!(ann.say("lobby", "hi & <b>hello</b>", "1"), 1);
    assert!(bob.find("[lobby 1]").ends_with("<ann> hi & <b>hello</b>"));
    bob.say("hello yourself");
    let message = ann.until("message");
    let time = message["time"].as_u64().unwrap();
    assert!(time > 1_700_000_000_000, "{time}");
    let expected = json!({
        "type": "message", "room": "lobby", "number": 2, "time": time, "nick": "bob",
        "action": false, "text": "hello yourself",
    });
    assert_eq!(message, expected);
    bob.say("/msg ann psst");
    let private = ann.until("private");
    assert_eq!((&private["from"], &private["text"]), (&json!("bob"), &json!("psst")));
    ann.send(json!({ "type": "msg", "nick": "bob", "text": "what?" }));
    bob.find("<ann to bob> what?");
    ann.send(json!({ "type": "me", "room": "lobby", "text": "waves", "id": "2" }));
    assert!(bob.find("waves").ends_with("* ann waves"));
    ann.send(json!({ "type": "rooms" }));
    assert_eq!(ann.until("rooms")["rooms"], json!([{ "room": "lobby", "members": 2 }]));
    bob.say("/quit");
    let left = json!({ "type": "left", "room": "lobby", "nick": "bob", "why": "said goodbye" });
    assert_eq!(ann.until("left"), left);
    chat.stop();
}

fn numbers(events: &[Value]) -> Vec<u64> {
    events.iter().map(|event| event["number"].as_u64().unwrap()).collect()
}

#[test]
fn who_comes_back_catches_up_without_gaps() {
    let chat = chat("back");
    let mut bob = chat.lines_in("bob", "lobby");
    let mut ann = chat.socket_in("ann", "lobby");
    bob.say("one");
    assert_eq!(ann.until("message")["number"], 1);
    drop(ann);
    bob.until("ann left");
    for number in 2..=150 {
        bob.say(&format!("message {number}"));
    }
    bob.until("message 150");
    let mut ann = chat.socket();
    ann.send(json!({ "type": "nick", "name": "ann" }));
    ann.send(json!({ "type": "join", "room": "lobby", "after": 1 }));
    let page = ann.until("history");
    assert_eq!((&page["first"], &page["last"]), (&json!(1), &json!(150)));
    let mut seen = numbers(page["messages"].as_array().unwrap());
    bob.say("live");
    assert_eq!(ann.until("message")["number"], 151);
    while *seen.last().unwrap() < 150 {
        ann.send(json!({ "type": "history", "room": "lobby", "after": seen.last() }));
        seen.extend(numbers(ann.until("history")["messages"].as_array().unwrap()));
    }
    assert_eq!(seen, (2..=151).collect::<Vec<_>>(), "the last page has the live one as well");
    chat.stop();
}

#[test]
fn a_message_that_is_sent_twice_is_said_once() {
    let database = database("twice");
    let chat = Chat::start(command(&database));
    let mut ann = chat.socket_in("ann", "lobby");
    let mut bob = chat.socket_in("bob", "lobby");
    let first = ann.say("lobby", "once", "a");
    drop(ann);
    bob.until("left");
    let mut ann = chat.socket_in("ann", "lobby");
    assert_eq!(ann.say("lobby", "once", "a"), first, "the same message");
    assert_eq!(bob.say("lobby", "other", "a"), first + 1, "the id of somebody else");
    drop((ann, bob));
    chat.stop();
    // A restart forgets nothing of this.
    let chat = Chat::start(command(&database));
    let mut ann = chat.socket_in("ann", "lobby");
    assert_eq!(ann.say("lobby", "once", "a"), first);
    let texts: Vec<Value> =
        ann.history("lobby").into_iter().map(|mut message| message["text"].take()).collect();
    assert_eq!(texts, ["once", "other"]);
    drop(ann);
    chat.stop();
}

#[test]
fn old_messages_go_and_numbers_go_on() {
    let mut command = command(&database("retention"));
    command.env("CHAT_RETENTION", "5");
    let chat = Chat::start(command);
    let mut ann = chat.socket_in("ann", "lobby");
    for number in 1..=12 {
        assert_eq!(ann.say("lobby", "x", &number.to_string()), number);
    }
    assert_eq!(numbers(&ann.history("lobby")), (8..=12).collect::<Vec<_>>());
    ann.send(json!({ "type": "history", "room": "lobby", "after": 2 }));
    assert_eq!(ann.until("history")["first"], 8, "it says what is lost");
    chat.stop();
}

#[test]
fn what_is_wrong_is_said_with_the_id() {
    let chat = chat("ids");
    let mut ann = chat.socket_in("ann", "lobby");
    ann.send(json!({ "type": "say", "room": "other", "text": "hi", "id": "7" }));
    let refused =
        json!({ "type": "error", "text": "you are not in other", "id": "7", "again": false });
    assert_eq!(ann.until("error"), refused);
    ann.send(json!({ "type": "say", "room": "lobby", "text": "hi", "id": "x".repeat(65) }));
    assert_eq!(ann.until("error")["text"], "the id of a message has 1 to 64 bytes");
    ann.send(json!({ "type": "nick", "name": "\u{202e}nna" }));
    let text = ann.until("error")["text"].as_str().unwrap().to_owned();
    assert!(text.contains("a name has letters, digits, `-` and `_` only"), "{text}");
    chat.stop();
}

#[test]
fn the_page_is_served_and_needs_nothing_from_elsewhere() {
    let chat = chat("page");
    for (path, kind) in [("/", "text/html"), ("/chat.css", "text/css"), ("/chat.js", "javascript")]
    {
        let answer = get(&chat.http, path);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200") && head.contains(kind), "{head}");
        assert!(head.contains("default-src 'self'"), "{head}");
        assert!(!body.contains("http://") && !body.contains("https://"), "{path}");
        assert!(!body.contains("innerHTML"), "{path}");
    }
    assert!(get(&chat.http, "/nothing").starts_with("HTTP/1.1 404"));
    chat.stop();
}

#[test]
fn other_pages_cannot_connect() {
    let chat = chat("origin");
    let own = format!("http://{}", chat.http);
    assert!(Socket::try_connect(&chat.http, Some(&own)).is_ok());
    let refused = Socket::try_connect(&chat.http, Some("http://elsewhere.example"));
    assert!(refused.is_err_and(|error| error.contains("403")));
    chat.stop();
}

#[test]
fn one_connection_too_many_is_refused_clearly() {
    let mut command = command(&database("full"));
    command.env("CHAT_CONNECTIONS", "2");
    let chat = Chat::start(command);
    let mut ann = chat.lines_in("ann", "lobby");
    let bob = chat.socket_in("bob", "lobby");
    let text = "there are too many connections; try again later";
    assert_eq!(chat.lines().rest(), [format!("error: {text}")]);
    let refused = Socket::try_connect(&chat.http, None);
    assert!(refused.is_err_and(|error| error.contains("503")));
    drop(bob);
    ann.until("bob left");
    // The place is free before anybody hears of it.
    chat.socket_in("bob", "lobby");
    chat.stop();
}
