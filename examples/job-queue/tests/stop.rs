//! The program stops when it is asked to, and leaves everything in order.
#![cfg(unix)]

mod support;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use harness::{Signal, until};
use rusqlite::Connection;
use serde_json::json;
use support::{Client, Server, folder, outcomes};

/// How many jobs are in each state, as the file says.
fn count(folder: &Path, state: &str) -> usize {
    let database = Connection::open(folder.join("jobs.db")).unwrap();
    let sql = "SELECT count(*) FROM jobs WHERE state = ?1";
    let count: i64 = database.query_row(sql, [state], |row| row.get(0)).unwrap();
    usize::try_from(count).unwrap()
}

#[test]
fn under_load_every_request_is_answered_or_refused() {
    let folder = folder("stop-load");
    for signal in [Signal::Term, Signal::Int] {
        let before = total(&folder);
        let Server { program, client } = Server::start(&folder, "");
        let answered = AtomicUsize::new(0);
        let ended = std::thread::scope(|scope| {
            for _ in 0..8 {
                let client = Client::new(&client.address);
                let answered = &answered;
                scope.spawn(move || {
                    let job = json!({ "kind": "sleep", "args": { "ms": 20 } }).to_string();
                    while let Ok((status, body)) = client.try_post("/api/jobs", job.as_bytes()) {
                        assert_eq!(status, 201, "{body}");
                        answered.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            until("load", || (answered.load(Ordering::SeqCst) >= 200).then_some(()));
            program.signal(signal);
            program.wait()
        });
        assert_eq!(ended.code, Some(0), "{:?}", ended.stderr);
        assert!(ended.stderr.is_empty(), "{:?}", ended.stderr);
        // Whatever was enqueued was answered, and the other way round.
        let enqueued = total(&folder) - before;
        assert_eq!(enqueued, answered.into_inner());
        assert_eq!(count(&folder, "executing"), 0);
    }
}

/// How many jobs there are.
fn total(folder: &Path) -> usize {
    let states = job_queue::State::ALL;
    let there = folder.join("jobs.db").exists();
    if there { states.iter().map(|state| count(folder, state.name())).sum() } else { 0 }
}

#[test]
fn running_jobs_finish_and_no_new_ones_begin() {
    let folder = folder("stop-drain");
    let server = Server::start(&folder, "queues = { default = 2 }");
    let sleep = json!({ "kind": "sleep", "args": { "ms": 700 } });
    let (_, jobs) = server.post("/api/jobs", &json!(vec![sleep; 5]));
    until("two jobs running", || (server.counts("default")["executing"] == 2).then_some(()));
    server.stop();
    assert_eq!((count(&folder, "completed"), count(&folder, "available")), (2, 3));
    let server = Server::start(&folder, "");
    for job in jobs.as_array().unwrap() {
        let job = server.wait_for(job["id"].as_i64().unwrap(), "completed");
        assert_eq!(outcomes(&job), ["completed"]);
    }
    server.stop();
}

#[test]
fn what_takes_too_long_is_given_back_without_losing_an_attempt() {
    let folder = folder("stop-release");
    let server = Server::start(&folder, "drain = '100ms'");
    let long = json!({ "kind": "sleep", "args": { "ms": 25_000 }, "max_attempts": 1 });
    let id = server.enqueue(&long);
    server.wait_for(id, "executing");
    server.stop();
    assert_eq!((count(&folder, "executing"), count(&folder, "available")), (0, 1));
    let server = Server::start(&folder, "drain = '100ms'\ntime_limits = { sleep = '50ms' }");
    let job = server.wait_for(id, "discarded");
    assert_eq!(outcomes(&job), ["released", "timed_out"]);
    let attempts: Vec<i64> =
        job["history"].as_array().unwrap().iter().map(|a| a["attempt"].as_i64().unwrap()).collect();
    assert_eq!((attempts, &job["attempt"]), (vec![1, 1], &json!(1)));
    server.stop();
}

#[test]
fn open_streams_do_not_hold_up_the_stop() {
    let folder = folder("stop-stream");
    let server = Server::start(&folder, "");
    let url = format!("http://{}/api/events", server.address);
    let stream = std::thread::spawn(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
        agent.get(&url).call().unwrap().body_mut().read_to_string().unwrap()
    });
    // The picture of this job may be the first one that the stream shows.
    let id = server.enqueue(&json!({ "kind": "echo" }));
    server.wait_for(id, "completed");
    server.stop();
    // It has come to its regular end: it was not cut.
    let text = stream.join().unwrap();
    assert!(text.is_empty() || text.contains("data: {\"time\":"), "{text}");
}
