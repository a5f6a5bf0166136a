//! Nothing that was answered is lost by `kill -9`, and everything runs in the end.
#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};

use harness::until;
use serde_json::{Value, json};
use support::{Client, QUICK, Server, folder, outcomes};

/// How many clients enqueue at the same time.
const CLIENTS: usize = 4;

/// A small job of some kind. Attempts are lost by kills, so there are many.
fn some_job() -> Value {
    match fastrand::u8(0..4) {
        0 => json!({ "kind": "echo", "max_attempts": 1000 }),
        1 => json!({ "kind": "fail", "args": { "times": 1 }, "max_attempts": 1000 }),
        _ => {
            let args = json!({ "ms": fastrand::u8(1..10) });
            json!({ "kind": "sleep", "args": args, "max_attempts": 1000 })
        }
    }
}

/// Enqueues until nobody answers any more, and keeps what was answered.
fn load(client: &Client, answered: &Mutex<Vec<i64>>, told: &Sender<()>) {
    while let Ok((status, body)) = client.try_post("/api/jobs", some_job().to_string().as_bytes()) {
        assert_eq!(status, 201, "{body}");
        answered.lock().unwrap().push(body["id"].as_i64().unwrap());
        let _ = told.send(()); // nobody listens after the kill
    }
}

/// Starts the program, lets clients enqueue, and kills it right after so many answers, which is in
/// the middle of others. An answer that came before its commit would be lost.
fn load_and_kill(folder: &Path, answers: usize) -> Vec<i64> {
    let Server { program, client } = Server::start(folder, QUICK);
    let answered = Mutex::default();
    let (told, heard) = channel();
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            let client = Client::new(&client.address);
            let (answered, told) = (&answered, told.clone());
            scope.spawn(move || load(&client, answered, &told));
        }
        (0..answers).for_each(|_| heard.recv_timeout(harness::DEADLINE).expect("it answers"));
        program.kill();
    });
    answered.into_inner().unwrap()
}

#[test]
fn what_was_answered_survives_any_number_of_kills() {
    let folder = folder("kill");
    let mut answered = Vec::new();
    for _ in 0..harness::kill_rounds() {
        answered.extend(load_and_kill(&folder, fastrand::usize(1..80)));
    }
    let server = Server::start(&folder, QUICK);
    until("the end of all jobs", || {
        let counts = server.counts("default");
        let left = ["available", "scheduled", "executing", "retryable"];
        left.iter().all(|state| counts[*state] == 0).then_some(())
    });
    let jobs: BTreeMap<i64, Value> =
        server.all_jobs("").into_iter().map(|job| (job["id"].as_i64().unwrap(), job)).collect();
    for id in &answered {
        let job = jobs.get(id).unwrap_or_else(|| panic!("job {id} was answered and is lost"));
        assert_eq!(job["state"], json!("completed"), "{job}");
        assert_eq!(outcomes(job).iter().filter(|outcome| *outcome == "completed").count(), 1);
    }
    let orphans = jobs.values().flat_map(outcomes).filter(|outcome| outcome == "orphaned").count();
    assert!(orphans > 0, "no kill met a running job, so the rounds prove little");
    server.stop();
}
