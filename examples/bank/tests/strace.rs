//! The order of things: the journal is synced before the answer goes out.
#![cfg(target_os = "linux")]

mod support;

use std::path::Path;

use harness::strace::{self, Trace};
use harness::{folder, needs};
use serde_json::json;
use support::{Bank, command};

const ORDERS: usize = 30;

/// What the bank did while it was asked for this and that, one after the other.
fn trace(folder: &Path, sync: bool) -> Trace {
    let file = folder.join("trace");
    let mut program = command(folder);
    program.env("BANK_SYNC", sync.to_string());
    let Bank { client, program } = Bank::run(strace::command(&program, &file));
    client.open_with("alice", 1000);
    client.open_with("bob", 1000);
    for number in 0..ORDERS {
        let body = json!({ "amount": 1, "to": "bob" });
        let key = number.to_string();
        let answer = client.post_with_key("/accounts/alice/transfer", &body, &key);
        assert_eq!(answer.status, 200);
    }
    program.signal(harness::Signal::Term);
    assert_eq!(program.wait().code, Some(0));
    Trace::read(&file)
}

fn is_answer(sent: &str) -> bool {
    sent.contains("HTTP/1.1 20")
}

#[test]
fn no_answer_goes_out_before_the_sync_that_covers_it() {
    if !needs("strace") {
        return;
    }
    let trace = trace(&folder(env!("CARGO_TARGET_TMPDIR"), "strace"), true);
    assert_eq!(trace.answers(is_answer), ORDERS + 4);
    assert!(trace.syncs("bank.db-wal") >= ORDERS + 4, "{}", trace.syncs("bank.db-wal"));
    assert_eq!(trace.unsynced_answers("bank.db-wal", is_answer), Vec::<String>::new());
}

/// The negative control: without syncs the same look finds nearly every answer too early.
#[test]
fn without_syncs_the_same_look_finds_answers() {
    if !needs("strace") {
        return;
    }
    let trace = trace(&folder(env!("CARGO_TARGET_TMPDIR"), "strace-unsynced"), false);
    assert_eq!(trace.answers(is_answer), ORDERS + 4);
    assert!(trace.unsynced_answers("bank.db-wal", is_answer).len() >= ORDERS);
}
