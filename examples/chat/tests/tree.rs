//! The tree in a test of its own: parts of it die, and the others go on.

use std::path::Path;

use chat::{ChatConfig, ChatSup, History, Name, Nicks, Presence, Server};
use otp::ChildState;
use otp::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

async fn start(name: &str) -> Server {
    let folder = harness::folder(env!("CARGO_TARGET_TMPDIR"), name);
    let config = config(&folder.join("chat.redb"));
    let server = Server::new(config);
    otp::test::start_supervised(ChatSup::child_spec(server.clone())).await;
    server
}

fn config(database: &Path) -> ChatConfig {
    let sources = otp::config::Sources::new()
        .put("http", "127.0.0.1:0")
        .put("tcp", "127.0.0.1:0")
        .put("database", database.display().to_string());
    ChatConfig::load_from(&sources).unwrap()
}

struct Client(BufReader<TcpStream>);

impl Client {
    async fn join(server: &Server, nick: &str) -> Client {
        let address = server.lines.get().unwrap();
        let mut client = Client(BufReader::new(TcpStream::connect(address).await.unwrap()));
        client.say(&format!("/nick {nick}\n/join lobby")).await;
        client.until("in the room").await;
        client
    }

    async fn say(&mut self, line: &str) {
        self.0.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    async fn until(&mut self, text: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line).await.unwrap();
            assert!(read > 0, "the connection ended before {text:?}");
            if line.contains(text) {
                return line.trim_end().to_owned();
            }
        }
    }
}

fn pid(nick: &str) -> Pid {
    let name: Name = nick.parse().unwrap();
    Nicks::lookup(&name).unwrap().expect("it is there").pid
}

#[otp::test]
async fn a_client_that_is_killed_takes_nobody_with_it() {
    let server = start("tree-kill").await;
    let mut ann = Client::join(&server, "ann").await;
    let mut bob = Client::join(&server, "bob").await;
    process::send_exit(pid("bob"), ExitReason::Kill);
    assert_eq!(ann.until("left").await, "[lobby] bob left: was lost");
    let mut end = String::new();
    while bob.0.read_line(&mut end).await.is_ok_and(|read| read > 0) {}
    // Its name is free by then, and its place in the room.
    let mut bob = Client::join(&server, "bob").await;
    bob.say("back again").await;
    ann.until("<bob> back again").await;
    ann.say("/who lobby").await;
    assert_eq!(ann.until("in the room").await, "[lobby] in the room: ann, bob");
}

#[otp::test]
async fn a_history_that_dies_comes_back_and_knows_its_numbers() {
    let server = start("tree-history").await;
    let mut ann = Client::join(&server, "ann").await;
    ann.say("one").await;
    ann.until("[lobby 1]").await;
    let before = History::client().pid().unwrap();
    process::send_exit(before, ExitReason::Kill);
    process::join(before).await;
    let mut bob = Client::until_joined(&server, "bob").await;
    ann.say("two").await;
    assert!(bob.until("[lobby 2]").await.ends_with("<ann> two"));
}

impl Client {
    /// Tries until the history is there again, which is not at once.
    async fn until_joined(server: &Server, nick: &str) -> Client {
        let address = server.lines.get().unwrap();
        let mut client = Client(BufReader::new(TcpStream::connect(address).await.unwrap()));
        client.say(&format!("/nick {nick}")).await;
        client.until("you are").await;
        loop {
            client.say("/join lobby").await;
            let mut line = String::new();
            while !line.contains("in the room") && !line.contains("cannot do that right now") {
                line.clear();
                client.0.read_line(&mut line).await.unwrap();
            }
            if line.contains("in the room") {
                return client;
            }
            process::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
}

#[otp::test]
async fn a_presence_that_dies_finds_everybody_again() {
    let server = start("tree-presence").await;
    let mut ann = Client::join(&server, "ann").await;
    let bob = Client::join(&server, "bob").await;
    let before = Presence::client().pid().unwrap();
    process::send_exit(before, ExitReason::Kill);
    process::join(before).await;
    let mut answer = String::new();
    while !answer.starts_with("[lobby] in the room") {
        ann.say("/who lobby").await;
        answer.clear();
        ann.0.read_line(&mut answer).await.unwrap();
    }
    assert_eq!(answer.trim_end(), "[lobby] in the room: ann, bob");
    drop(bob);
    assert_eq!(ann.until("left").await, "[lobby] bob left: closed the connection");
}

#[otp::test]
async fn a_listener_that_dies_listens_again_and_no_client_notices() {
    let server = start("tree-listener").await;
    let mut ann = Client::join(&server, "ann").await;
    let tree = ChatSup::client();
    let children = tree.which_children().await.unwrap();
    let listener = children.iter().find(|child| child.id == ChildId::of::<chat::Listener>());
    let Some(ChildState::Running(before)) = listener.map(|child| child.state) else {
        panic!("it runs: {children:?}")
    };
    process::send_exit(before, ExitReason::Kill);
    process::join(before).await;
    let address = server.lines.get().unwrap();
    let again = loop {
        match TcpStream::connect(address).await {
            Ok(stream) => break stream,
            Err(_) => process::sleep(std::time::Duration::from_millis(10)).await,
        }
    };
    let mut bob = Client(BufReader::new(again));
    bob.say("/nick bob\n/join lobby").await;
    ann.until("bob joined").await;
}
