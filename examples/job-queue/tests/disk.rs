//! A disk that takes no more: what is answered is kept, and the program comes back.
#![cfg(target_os = "linux")]

mod support;

use std::process::Command;

use harness::Program;
use serde_json::json;
use support::{Server, command, folder};

#[test]
fn a_commit_that_fails_is_not_answered_as_done() {
    let folder = folder("disk-full");
    let plain = command(&folder, "queues = { default = 1 }");
    // No file may grow beyond 600 blocks of 512 bytes; a write beyond that fails.
    let mut limited = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f 600; exec {:?}", plain.get_program());
    limited.args(["-c", &script]).current_dir(&folder);
    limited.env("OTP_CONFIG", folder.join("config.toml"));
    let server = Server::of(Program::start(limited));
    server.act("/api/queues/default/pause");
    let mut answered = Vec::new();
    let job = json!({ "kind": "echo", "args": "x".repeat(2000) }).to_string();
    let refusal = loop {
        let (status, body) = server.try_post("/api/jobs", job.as_bytes()).unwrap();
        match status {
            201 => answered.push(body["id"].as_i64().unwrap()),
            _ => break (status, body["error"].clone()),
        }
        assert!(answered.len() < 10_000, "the limit is not felt");
    };
    assert_eq!(refusal, (503, json!("unknown_outcome")));
    // The supervisor has started a new store, which begins with an empty log.
    let there = harness::until("the store", || {
        let (status, body) = server.try_get("/api/queues").unwrap();
        (status == 200).then_some(body)
    });
    assert!(there[0]["counts"]["available"].as_u64().unwrap() >= answered.len() as u64);
    server.program.kill();

    let server = Server::start(&folder, "queues = { default = 1 }");
    server.act("/api/queues/default/resume");
    for id in answered {
        server.wait_for(id, "completed");
    }
    server.stop();
}
