//! SIGTERM under load: every request is answered or refused, and the books have what was answered.
#![cfg(unix)]

mod support;

use std::io::{Error, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use harness::{Signal, folder, until};
use support::{Bank, books, number};

const CLIENTS: usize = 8;

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Answered(u16),
    /// Nobody listened any more. A connection that the listener had not yet got from the system
    /// when it was closed is reset by that, and counts as one that came too late.
    Refused,
    /// There was no whole answer.
    Lost,
}

/// One request in a connection of its own.
fn deposit(address: &str, key: &str) -> Outcome {
    let Ok(mut stream) = TcpStream::connect(address) else { return Outcome::Refused };
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let body = "{\"amount\":1}";
    let request = format!(
        "POST /accounts/alice/deposit HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n\
        Idempotency-Key: {key}\r\nContent-Type: application/json\r\n\
        Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    if let Err(error) = stream.write_all(request.as_bytes()) {
        return cut(&error);
    }
    let mut answer = String::new();
    match stream.read_to_string(&mut answer) {
        Ok(_) if answer.ends_with('}') => {
            let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
            Outcome::Answered(status.expect("an answer has a status"))
        }
        Err(error) if answer.is_empty() => cut(&error),
        _ => Outcome::Lost,
    }
}

fn cut(error: &Error) -> Outcome {
    match error.kind() {
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => Outcome::Refused,
        _ => Outcome::Lost,
    }
}

#[test]
fn a_stop_under_load_loses_no_answer() {
    for round in 0..5 {
        let folder = folder(env!("CARGO_TARGET_TMPDIR"), "stop");
        let Bank { client, program } = Bank::start(&folder);
        client.open_with("alice", 1);
        let answered = AtomicUsize::new(0);
        let (address, counter) = (&client.address, &answered);
        let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
            let ask = |client: usize| {
                let mut outcomes = Vec::new();
                while outcomes.last() != Some(&Outcome::Refused) {
                    outcomes.push(deposit(address, &format!("{client}-{}", outcomes.len())));
                    counter.fetch_add(1, Ordering::Relaxed);
                }
                outcomes
            };
            let asking: Vec<_> = (0..CLIENTS).map(|it| scope.spawn(move || ask(it))).collect();
            until("some load", || {
                (counter.load(Ordering::Relaxed) > 50 * (round + 1)).then_some(())
            });
            program.signal(Signal::Term);
            asking.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        let ended = program.wait();
        assert_eq!((ended.code, ended.stderr), (Some(0), Vec::new()));
        let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
        let done = count(Outcome::Answered(200));
        assert_eq!(done + count(Outcome::Refused), outcomes.len(), "some are lost");
        let orders = number(&books(&folder), "SELECT count(*) FROM orders");
        assert_eq!(orders, i64::try_from(done).unwrap(), "what is in the books was answered");
        // The last one to go has put everything into one file.
        assert!(!folder.join("bank.db-wal").exists());
    }
}

/// A client in the middle of its request may finish it; the others have gone meanwhile.
#[test]
fn a_request_that_has_begun_is_answered() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "stop-begun");
    let Bank { client, program } = Bank::start(&folder);
    client.open_with("alice", 1);
    let mut stream = TcpStream::connect(&client.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let head = "POST /accounts/alice/deposit HTTP/1.1\r\nHost: bank\r\n\
        Content-Type: application/json\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap(); // the handler waits for the body
    program.signal(Signal::Term);
    until("the listener to close", || TcpStream::connect(&client.address).err());
    stream.write_all(b"{\"amount\":1}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with("{\"account\":\"alice\",\"balance\":2,\"entry\":2}"), "{answer}");
    assert_eq!(program.wait().code, Some(0));
}

/// One that never does is cut when the time is over, and the program ends well all the same.
#[test]
fn a_request_that_never_ends_is_cut() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "stop-cut");
    let mut command = support::command(&folder);
    command.env("BANK_DRAIN", "100ms");
    let Bank { client, program } = Bank::run(command);
    let mut stream = TcpStream::connect(&client.address).unwrap();
    stream.write_all(b"POST /accounts HTTP/1.1\r\nHost: bank\r\n").unwrap();
    assert_eq!(client.get("/health").status, 200);
    program.signal(Signal::Term);
    let ended = program.wait();
    assert_eq!(ended.code, Some(0));
    assert!(ended.stderr.iter().all(|line| line.contains("connections were cut")), "{ended:?}");
}
