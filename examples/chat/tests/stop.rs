//! The program's start and end: signals, and everything that keeps it from starting.

mod support;

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;

use chat::{Query, Store};
use harness::{Program, Signal};
use serde_json::{Value, json};
use support::{Chat, chat, command, database};

#[test]
fn clients_are_told_before_it_ends() {
    for signal in [Signal::Term, Signal::Int] {
        let chat = chat("told");
        let lines = chat.lines_in("ann", "lobby");
        let mut socket = chat.socket_in("bob", "lobby");
        let quiet = chat.lines();
        chat.signal(signal);
        let notice = "the server stops; what was not acknowledged, send again";
        assert_eq!(lines.rest().last().unwrap(), &format!("notice: {notice}"));
        assert_eq!(quiet.rest().last().unwrap(), &format!("notice: {notice}"));
        let mut events: Vec<Value> = std::iter::from_fn(|| socket.next()).collect();
        assert_eq!(events.pop(), Some(json!({ "type": "notice", "text": notice })));
        let ended = chat.wait();
        assert_eq!((ended.code, ended.stderr), (Some(0), Vec::new()));
    }
}

/// Sends without waiting for answers until the server goes, and says what became of what.
fn flood(mut socket: support::Socket, who: usize, told: mpsc::Sender<()>) -> Vec<Value> {
    let mut events = Vec::new();
    for n in 0.. {
        let id = format!("{who}-{n}");
        let say = json!({ "type": "say", "room": "lobby", "text": id, "id": id });
        if socket.try_send(say).is_err() {
            break;
        }
        if n < 8 {
            continue; // so many are on their way at a time
        }
        let answer = std::iter::from_fn(|| socket.next())
            .inspect(|event| events.push(event.clone()))
            .find(|event| event["type"] == "sent" || event["type"] == "error");
        if answer.is_none() {
            break;
        }
        let _ = told.send(());
    }
    events.extend(std::iter::from_fn(|| socket.next()));
    events
}

#[test]
fn under_load_everything_is_acknowledged_or_refused() {
    for _ in 0..3 {
        let database = database("load");
        let chat = Chat::start(command(&database));
        let (told, answers) = mpsc::channel();
        let people: Vec<_> = (0..8)
            .map(|who| {
                let socket = chat.socket_in(&format!("p{who}"), "lobby");
                let told = told.clone();
                std::thread::spawn(move || flood(socket, who, told))
            })
            .collect();
        for _ in 0..300 {
            answers.recv().unwrap();
        }
        chat.signal(Signal::Term);
        let ended = chat.wait();
        assert_eq!((ended.code, ended.stderr), (Some(0), Vec::new()));
        let kept: BTreeSet<String> = kept(&database).into_iter().collect();
        let mut acknowledged = BTreeSet::new();
        for events in people.into_iter().map(|it| it.join().unwrap()) {
            let told = events.iter().any(|event| event["type"] == "notice");
            assert!(told, "told at the end: {events:#?}");
            for event in &events {
                let id = event["id"].as_str().unwrap_or_default().to_owned();
                match event["type"].as_str().unwrap() {
                    "sent" => assert!(acknowledged.insert(id)),
                    "error" => assert!(!kept.contains(&id), "{id} was refused, but kept"),
                    _ => {}
                }
            }
        }
        assert_eq!(kept, acknowledged);
    }
}

/// The ids of all messages in the lobby.
fn kept(database: &Path) -> Vec<String> {
    let store = Store::open(database, 1_000_000).unwrap();
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let room = "lobby".parse().unwrap();
        let page = store.read(&Query { room, after: Some(after), limit: 100 }).unwrap();
        let Some(last) = page.messages.last() else { return all };
        after = last.number;
        all.extend(page.messages.iter().map(|it| it.id.as_deref().unwrap().to_owned()));
    }
}

/// One clear line, and exit code 1.
fn refused(command: Command, text: &str) {
    let ended = Program::start(command).wait();
    assert_eq!((ended.code, &ended.stdout), (Some(1), &Vec::new()), "{ended:?}");
    assert_eq!(ended.stderr.len(), 1, "{ended:?}");
    assert!(ended.stderr[0].contains(text), "{ended:?}");
}

#[test]
fn a_port_in_use_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for variable in ["CHAT_TCP", "CHAT_HTTP"] {
        let mut command = command(&database("port"));
        command.env(variable, &address);
        refused(command, &format!("cannot listen on {address}: Address already in use"));
    }
    let mut command = command(&database("port"));
    command.env("CHAT_TCP", "nonsense");
    refused(command, "cannot listen on nonsense: ");
}

#[test]
fn a_database_that_cannot_be_used_is_said() {
    let path = database("corrupt");
    std::fs::write(&path, "this is not a database").unwrap();
    refused(command(&path), &format!("the history cannot be kept in {}: ", path.display()));

    let path = database("locked");
    let _open = Store::open(&path, 1).unwrap();
    refused(command(&path), "another process has it open");

    let path = database("nowhere");
    let mut absent = command(&path);
    absent.env("CHAT_DATABASE", path.with_file_name("absent").join("chat.redb"));
    refused(absent, "No such file or directory");

    // A folder in which not even root may make files.
    let mut unwritable = command(&path);
    unwritable.env("CHAT_DATABASE", "/proc/chat.redb");
    refused(unwritable, "the history cannot be kept in /proc/chat.redb: ");

    let half = database("half");
    drop(Store::open(&half, 1).unwrap());
    let bytes = std::fs::read(&half).unwrap();
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    refused(command(&half), "the history cannot be kept in ");
}

#[test]
fn a_bad_configuration_is_said() {
    let mut command = command(&database("bad"));
    command.env("CHAT_RATE", "fast");
    let ended = Program::start(command).wait();
    assert_eq!((ended.code, &ended.stdout), (Some(1), &Vec::new()));
    let text = "chat.rate: expected u32, found string \"fast\"";
    assert!(ended.stderr.iter().any(|line| line.contains(text)), "{ended:?}");
}
