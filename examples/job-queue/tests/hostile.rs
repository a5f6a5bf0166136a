//! Clients that mean no good, or know no better, harm nobody else.

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use harness::until;
use serde_json::json;
use support::{Server, folder};

/// Sends bytes as they are.
fn send(server: &Server, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(harness::DEADLINE)).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

/// The program still does its work.
fn works(server: &Server) {
    let id = server.enqueue(&json!({ "kind": "echo", "args": "fine" }));
    server.wait_for(id, "completed");
}

#[test]
fn bodies_that_cannot_be_used_are_refused() {
    let server = Server::start(&folder("hostile-bodies"), "");
    let post = |body: &[u8]| {
        let (status, answer) = server.try_post("/api/jobs", body).unwrap();
        (status, answer["error"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned())
    };
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    let args = [br#"{"kind":"echo","args":"#.to_vec(), deep.clone(), b"}".to_vec()].concat();
    for (body, status, word) in [
        (&b"{\"kind\":\"\xff\xfe\"}"[..], 400, "malformed"),
        (&deep, 400, "malformed"),
        (&args, 400, "malformed"),
        (br#"{"kind":"echo","args":1e999}"#, 400, "malformed"),
        (br#"{"kind":"echo"} {"kind":"echo"}"#, 400, "malformed"),
        (br#"{"kind":"echo","priority":-1}"#, 422, "invalid"),
        (br#"{"kind":"echo","max_attempts":99999999999999999999}"#, 422, "invalid"),
        (br#"{"kind":"echo","scheduled_at":"-9999-01-01T00:00:00Z"}"#, 422, "invalid"),
        (br#"[[{"kind":"echo"}]]"#, 422, "invalid"),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]);
        assert_eq!(post(body), (status, word.to_owned()), "{shown}");
    }
    works(&server);
    assert_eq!(server.all_jobs("").len(), 1);
    server.stop();
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let server = Server::start(&folder("hostile-large"), "");
    // Said in the head, and found on the way.
    let said = "POST /api/jobs HTTP/1.1\r\nhost: x\r\ncontent-length: 9999999999\r\n\r\n";
    let chunk = format!("100000\r\n{}\r\n", "x".repeat(0x10_0000));
    let found = format!(
        "POST /api/jobs HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n{chunk}{}",
        "10\r\nxxxxxxxxxxxxxxxx\r\n"
    );
    for request in [said.to_owned(), found] {
        let mut stream = send(&server, request.as_bytes());
        let mut answer = [0; 2048];
        let mut length = 0;
        while !answer[..length].ends_with(b"}") {
            let read = stream.read(&mut answer[length..]).unwrap();
            assert_ne!(read, 0, "{}", String::from_utf8_lossy(&answer[..length]));
            length += read;
        }
        let answer = String::from_utf8_lossy(&answer[..length]);
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(answer.contains("\"error\":\"too_large\""), "{answer}");
    }
    works(&server);
    server.stop();
}

#[test]
fn connections_that_say_nothing_harm_nobody() {
    let server = Server::start(&folder("hostile-silent"), "");
    let halves = [
        "",
        "POST /api/jo",
        "POST /api/jobs HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{\"kind\"",
        "GET /api/events HTTP/1.1\r\nhost: x\r\n\r\n",
    ];
    let open: Vec<TcpStream> =
        (0..200).map(|n| send(&server, halves[n % halves.len()].as_bytes())).collect();
    for _ in 0..20 {
        works(&server);
    }
    for garbage in [&b"\x16\x03\x01\x02\x00\x01"[..], b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n"] {
        drop(send(&server, garbage));
    }
    works(&server);
    drop(open);
    works(&server);
    server.stop();
}

#[test]
fn a_reader_that_does_not_read_holds_nobody_up() {
    let server = Server::start(&folder("hostile-slow"), "");
    let slow = send(&server, b"GET /api/events HTTP/1.1\r\nhost: x\r\n\r\n");
    let text = "x".repeat(10_000);
    // Thirty of these are on each picture, so a few pictures fill every buffer on the way.
    let jobs = json!(vec![json!({ "kind": "echo", "args": text }); 50]);
    for round in 1..=20 {
        assert_eq!(server.post("/api/jobs", &jobs).0, 201);
        let all = json!(round * 50);
        until("the jobs", || (server.counts("default")["completed"] == all).then_some(()));
    }
    // Another reader gets the present picture, whatever the slow one has missed.
    let mut quick = send(&server, b"GET /api/events HTTP/1.1\r\nhost: x\r\n\r\n");
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    until("the picture", || {
        let length = quick.read(&mut buffer).unwrap();
        seen.extend_from_slice(&buffer[..length]);
        String::from_utf8_lossy(&seen).contains("\"completed\":1000").then_some(())
    });
    drop(slow);
    server.stop();
}

#[test]
fn strange_texts_come_back_as_they_were() {
    let server = Server::start(&folder("hostile-texts"), "");
    for text in [
        "<script>alert(1)</script>",
        "'; DROP TABLE jobs; --",
        "\u{0}\u{1b}[2J\u{202e}",
        "a\r\nb\n\ndata: c",
        "🦀".repeat(1000).as_str(),
    ] {
        let job = json!({ "kind": "echo", "args": text, "unique": { "key": &text[..4] } });
        let job = server.wait_for(server.enqueue(&job), "completed");
        assert_eq!((&job["args"], &job["result"]), (&json!(text), &json!(text)));
    }
    server.stop();
}
