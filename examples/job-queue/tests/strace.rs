//! What the program asks of the disk before it answers: what a power cut would leave.
#![cfg(target_os = "linux")]

mod support;

use std::path::Path;

use harness::strace::{self, Trace};
use harness::{Program, Signal, needs};
use serde_json::json;
use support::{Server, command, folder};

/// Enqueues jobs one after another in a queue that is paused, so that nothing else is written.
fn enqueue_traced(folder: &Path, config: &str) -> Trace {
    let path = folder.join("trace");
    let server = Server::of(Program::start(strace::command(&command(folder, config), &path)));
    server.act("/api/queues/default/pause");
    for n in 0..20 {
        server.enqueue(&json!({ "kind": "echo", "args": n }));
    }
    server.program.signal(Signal::Term);
    assert_eq!(server.program.wait().code, Some(0));
    Trace::read(&path)
}

fn is_created(text: &str) -> bool {
    text.contains("201 Created")
}

#[test]
fn the_log_is_synced_before_the_answer() {
    if !needs("strace") {
        return;
    }
    let trace = enqueue_traced(&folder("strace-full"), "");
    assert_eq!(trace.answers(is_created), 20);
    assert!(trace.syncs("-wal") >= 20);
    assert_eq!(trace.unsynced_answers("-wal", is_created), Vec::<String>::new());
}

/// The negative control: without syncs the same look finds every answer.
#[test]
fn without_syncs_the_check_finds_it() {
    if !needs("strace") {
        return;
    }
    let trace = enqueue_traced(&folder("strace-off"), "synchronous = 'off'");
    assert_eq!(trace.answers(is_created), 20);
    assert_eq!(trace.unsynced_answers("-wal", is_created).len(), 20);
}
