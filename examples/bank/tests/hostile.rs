//! Clients that mean no good, or know no better: they hurt nobody else.
#![cfg(unix)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use harness::{Program, Signal, folder};
use serde_json::json;
use support::{Bank, Client};

/// Does something while another client goes on with its business, and gives how often that was
/// answered.
fn meanwhile(client: &Client, work: impl FnOnce()) -> usize {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            let mut answered = 0;
            while !is_over.load(Ordering::Relaxed) || answered == 0 {
                assert_eq!(client.deposit("decent", 1).status, 200);
                assert!(client.balance("decent") > 0);
                answered += 1;
            }
            answered
        });
        let done = catch_unwind(AssertUnwindSafe(work));
        is_over.store(true, Ordering::Relaxed);
        let answered = other.join().unwrap();
        done.unwrap_or_else(|panic| resume_unwind(panic));
        answered
    })
}

fn start(name: &str) -> Bank {
    let bank = Bank::start(&folder(env!("CARGO_TARGET_TMPDIR"), name));
    bank.client.open_with("decent", 1);
    bank
}

/// The bank has had no trouble, and ends as it should.
fn end(program: Program) {
    program.signal(Signal::Term);
    let ended = program.wait();
    assert_eq!((ended.code, ended.stderr), (Some(0), Vec::new()));
}

fn connect(client: &Client) -> TcpStream {
    let stream = TcpStream::connect(&client.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Sends bytes and gives all that comes back. A connection that is cut is an answer.
fn exchange(client: &Client, bytes: &[u8]) -> String {
    let mut stream = connect(client);
    let _ = stream.write_all(bytes);
    rest(stream)
}

/// As `exchange`, and says that no more will come.
fn exchange_all(client: &Client, bytes: &[u8]) -> String {
    let mut stream = connect(client);
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    rest(stream)
}

fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn what_is_no_http_is_refused() {
    let Bank { client, program } = start("hostile-garbage");
    let mut rng = fastrand::Rng::with_seed(7);
    meanwhile(&client, || {
        for round in 0..200 {
            let mut garbage: Vec<u8> = (0..rng.usize(1..4000)).map(|_| rng.u8(..)).collect();
            if round % 2 == 0 {
                garbage.splice(..0, *b"POST /accounts/decent/deposit HTTP/1.1\r\n");
            }
            let answer = exchange_all(&client, &garbage);
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        }
    });
    end(program);
}

#[test]
fn what_is_too_large_is_refused() {
    let Bank { client, program } = start("hostile-large");
    meanwhile(&client, || {
        let head = "POST /accounts/decent/deposit HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n";
        let header = format!("{head}X-Large: {}\r\n\r\n", "x".repeat(1_000_000));
        let answer = exchange(&client, header.as_bytes());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
        let many = format!("{head}{}\r\n", "X-Many: 1\r\n".repeat(1000));
        let answer = exchange(&client, many.as_bytes());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
        let kind = "Content-Type: application/json\r\n";
        let announced = format!("{head}{kind}Content-Length: 99999999999\r\n\r\n{{");
        assert!(exchange(&client, announced.as_bytes()).contains("\"too_large\""));
        let chunk = format!("2000\r\n{}\r\n", " ".repeat(0x2000));
        let chunked = format!("{head}{kind}Transfer-Encoding: chunked\r\n\r\n{chunk}");
        let answer = exchange(&client, chunked.as_bytes());
        assert!(answer.is_empty() || answer.contains("\"too_large\""), "{answer}");
        let deep = format!("{{\"amount\":{}1{}}}", "[".repeat(1000), "]".repeat(1000));
        let answer = client.post_raw("/accounts/decent/deposit", &deep, "application/json");
        assert_eq!(answer.error(), (400, "bad_request"));
        let uri = format!("/accounts/{}", "%41".repeat(20_000));
        assert_eq!(client.get(&uri).error(), (422, "bad_name"));
    });
    end(program);
}

#[test]
fn what_is_no_text_is_refused() {
    let Bank { client, program } = start("hostile-text");
    let post = |path: &[u8], header: &[u8], body: &[u8]| {
        let length = format!("Content-Length: {}\r\n", body.len());
        let kind = b"Content-Type: application/json\r\nConnection: close\r\nHost: bank\r\n";
        let parts =
            [b"POST ", path, b" HTTP/1.1\r\n", kind, header, length.as_bytes(), b"\r\n", body];
        exchange(&client, &parts.concat())
    };
    let body = b"{\"amount\":1}";
    assert!(post(b"/accounts/decent/deposit", b"", body).starts_with("HTTP/1.1 200"));
    assert!(post(b"/accounts", b"", b"{\"account\":\"\xff\xfe\"}").contains("\"bad_request\""));
    assert!(post(b"/accounts", b"", b"{\"account\":\"\\ud800\"}").contains("\"bad_request\""));
    assert!(post(b"/accounts", b"", b"{\"account\":\"a\\u0000b\"}").contains("\"bad_name\""));
    assert!(post(b"/accounts/%C3%28/deposit", b"", body).contains("\"bad_name\""));
    assert!(post(b"/accounts/a%0d%0ab/deposit", b"", body).contains("\"bad_name\""));
    let key = b"Idempotency-Key: \xff\r\n";
    assert!(post(b"/accounts/decent/deposit", key, body).contains("\"bad_key\""));
    let keys = b"Idempotency-Key: a\r\nIdempotency-Key: b\r\n";
    assert!(post(b"/accounts/decent/deposit", keys, body).contains("\"bad_key\""));
    assert_eq!(client.balance("decent"), 2);
    end(program);
}

/// Names may look like anything, and are told apart.
#[test]
fn names_are_only_names() {
    let Bank { client, program } = start("hostile-names");
    let names = [
        "<img src=x onerror=alert(1)>",
        "'; DROP TABLE postings; --",
        "../../etc/passwd",
        "{{7*7}}",
        "a/b?c#d%41",
        "\u{202e}evil",
        "é",
        "e\u{301}",
        " decent",
    ];
    for (name, amount) in names.iter().zip(1..) {
        assert_eq!(client.open(name).status, 201, "{name}");
        let path: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let path = format!("/accounts/{path}");
        let deposit = client.post(&format!("{path}/deposit"), &json!({ "amount": amount }));
        assert_eq!((deposit.status, &deposit.body["account"]), (200, &json!(name)));
        assert_eq!(client.get(&path).body, json!({ "account": name, "balance": amount }));
    }
    let (_, tree) = client.text("/tree");
    assert!(tree.contains("&lt;img src=x onerror=alert(1)&gt;"), "{tree}");
    assert!(!tree.contains("<img"), "{tree}");
    end(program);
}

/// Connections that say nothing, half a request, or never read: many of them, all the time.
#[test]
fn slow_clients_keep_nobody_waiting() {
    let Bank { client, program } = start("hostile-slow");
    let starts = [
        "",
        "POST /accounts/decent/dep",
        "POST /accounts/decent/deposit HTTP/1.1\r\nHost: bank\r\nX-Slow",
        "POST /accounts/decent/deposit HTTP/1.1\r\nHost: bank\r\n\
            Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"amou",
    ];
    let mut slow = Vec::new();
    meanwhile(&client, || {
        for start in starts.repeat(50) {
            let mut stream = connect(&client);
            stream.write_all(start.as_bytes()).unwrap();
            slow.push(stream);
        }
        // Half of them go on, a byte at a time.
        for byte in *b": 1\r\nX-Slower: 1" {
            for stream in slow.iter_mut().step_by(2) {
                let _ = stream.write_all(&[byte]);
            }
        }
        // And some ask for a large page again and again without reading it.
        for _ in 0..4 {
            let mut stream = connect(&client);
            stream.set_nonblocking(true).unwrap();
            let request = b"GET /metrics HTTP/1.1\r\nHost: bank\r\n\r\n";
            while stream.write_all(request).is_ok() {} // until nobody takes more
            slow.push(stream);
        }
    });
    assert!(meanwhile(&client, || {}) > 0);
    drop(slow);
    end(program);
}

/// Clients that are gone before their answer.
#[test]
fn a_client_that_goes_away_changes_nothing_for_others() {
    let Bank { client, program } = start("hostile-gone");
    meanwhile(&client, || {
        for _ in 0..300 {
            let mut stream = connect(&client);
            let body = "{\"amount\":1}";
            let request = format!(
                "POST /accounts/decent/deposit HTTP/1.1\r\nHost: bank\r\n\
                Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(request.as_bytes()).unwrap();
        }
    });
    end(program);
}
