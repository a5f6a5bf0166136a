//! The line protocol, as somebody with `nc` meets it.

mod support;

use std::io::Write;
use std::net::Shutdown;

use support::chat;

/// A line without its time, which differs.
fn timeless(line: &str) -> String {
    match line.split_once("] ") {
        Some((place, rest)) if rest.as_bytes().get(2) == Some(&b':') => {
            format!("{place}] {}", &rest[6..])
        }
        _ => line.to_owned(),
    }
}

#[test]
fn two_people_talk() {
    let chat = chat("talk");
    let mut ann = chat.lines_in("ann", "lobby");
    let mut bob = chat.lines_in("bob", "lobby");
    assert_eq!(ann.find("bob joined"), "[lobby] bob joined");
    ann.say("hello <b>bob</b>");
    bob.say("//slash");
    bob.say("/me waves");
    let heard = ["[lobby 1] <ann> hello <b>bob</b>", "[lobby 2] <bob> /slash"];
    for client in [&mut ann, &mut bob] {
        let lines: Vec<String> = client.until("waves").iter().map(|it| timeless(it)).collect();
        assert_eq!(lines[lines.len() - 1], "[lobby 3] * bob waves");
        // The two were written at the same time, so either may be the first.
        let said: Vec<&str> =
            lines.iter().filter(|it| it.contains('<')).map(|it| &it[9..]).collect();
        let expected = heard.map(|it| &it[9..]);
        assert!(said == expected || said == [expected[1], expected[0]], "{lines:?}");
    }
    ann.say("/msg bob psst");
    assert_eq!(timeless(&bob.find("[private]")), "[private] <ann to bob> psst");
    assert_eq!(timeless(&ann.find("[private]")), "[private] <ann to bob> psst");
    ann.say("/rooms\n/who lobby\n/history lobby 1");
    assert_eq!(ann.find("rooms:"), "rooms: lobby (2)");
    assert_eq!(ann.find("in the room"), "[lobby] in the room: ann, bob");
    assert_eq!(timeless(&ann.find("[lobby 3]")), "[lobby 3] * bob waves");
    bob.say("/nick robert");
    assert_eq!(ann.find(" is "), "[lobby] bob is robert now");
    bob.say("/leave lobby\nanybody?");
    assert_eq!(ann.find("left"), "[lobby] robert left: went out");
    assert_eq!(bob.find("error"), "error: you are in no room yet; /join enters one");
    bob.say("/quit");
    assert_eq!(bob.rest(), ["notice: goodbye"]);
    chat.stop();
}

#[test]
fn everything_that_is_wrong_is_said() {
    let chat = chat("wrong");
    let mut ann = chat.lines();
    let mut answer = |line: &str| {
        ann.say(line);
        ann.find("error: ")
    };
    assert_eq!(answer("hello"), "error: you have no name yet; /nick takes one");
    assert_eq!(answer("/join lobby"), "error: you have no name yet; /nick takes one");
    assert_eq!(answer("/nick <b>"), "error: a name has letters, digits, `-` and `_` only, not '<'");
    assert_eq!(answer("/dance"), "error: there is no such command; /help lists them");
    assert_eq!(answer("/nick ann\nhello"), "error: you are in no room yet; /join enters one");
    assert_eq!(answer("/leave lobby"), "error: you are not in lobby");
    assert_eq!(answer("/msg bob hi"), "error: nobody is called bob");
    assert_eq!(answer("/join lobby\n/me  "), "error: there is nothing to say");
    let long = "x".repeat(4_001);
    assert_eq!(answer(&long), "error: a text has at most 4000 bytes");
    let rooms: Vec<String> = (0..20).map(|n| format!("/join room{n}")).collect();
    let refused = "error: you are in 20 rooms already; /leave one first";
    assert_eq!(answer(&rooms.join("\n")), refused);
    ann.say("/help");
    assert_eq!(ann.until("Any other line").len(), 11, "one line for each");
    chat.stop();
}

#[test]
fn a_name_has_one_holder_and_is_free_at_once() {
    let chat = chat("names");
    let mut watching = chat.lines_in("watching", "lobby");
    let ann = chat.lines_in("ann", "lobby");
    let mut other = chat.lines();
    other.say("/nick Ann");
    assert_eq!(other.find("error"), "error: ann is taken; choose another name");
    drop(ann);
    assert_eq!(watching.find("left"), "[lobby] ann left: closed the connection");
    other.say("/nick Ann");
    assert_eq!(other.find("you are"), "you are ann");
    chat.stop();
}

#[test]
fn who_joins_sees_the_last_messages() {
    let chat = chat("joins");
    let mut ann = chat.lines_in("ann", "lobby");
    for number in 1..=60 {
        ann.say(&format!("message {number}"));
    }
    ann.until("message 60");
    let mut bob = chat.lines();
    bob.say("/nick bob\n/join lobby");
    let lines = bob.until("in the room");
    let messages: Vec<&str> =
        lines.iter().filter_map(|line| line.split_once("message ").map(|(_, n)| n)).collect();
    let expected: Vec<String> = (11..=60).map(|number: u32| number.to_string()).collect();
    assert_eq!(messages, expected);
    chat.stop();
}

/// As with `printf '..' | nc`: the answers come although nothing more can be asked.
#[test]
fn the_end_of_the_input_is_no_end_of_the_output() {
    let chat = chat("piped");
    let mut lines = chat.lines();
    lines.stream().write_all(b"/nick ann\n/join lobby\nhello\n/rooms").unwrap();
    lines.stream().shutdown(Shutdown::Write).unwrap();
    let answers: Vec<String> = lines.until("rooms").iter().map(|it| timeless(it)).collect();
    assert_eq!(
        answers,
        [
            "notice: welcome; /help lists the commands",
            "you are ann",
            "[lobby] no messages",
            "[lobby] ann joined",
            "[lobby] in the room: ann",
            "[lobby 1] <ann> hello",
            "rooms: lobby (1)",
        ]
    );
    assert_eq!(lines.rest(), Vec::<String>::new());
    chat.stop();
}
