//! What happens to jobs: every state, and every way between them.

mod support;

use harness::until;
use serde_json::{Value, json};
use support::{QUICK, Server, folder, millis, outcomes};

#[test]
fn a_failing_job_is_retried_with_growing_pauses() {
    let server = Server::start(&folder("life-retry"), "backoff = '200ms'");
    let id = server.enqueue(&json!({ "kind": "fail", "args": { "times": 3 } }));
    let waiting = server.wait_for(id, "retryable");
    assert!(millis(&waiting["scheduled_at"]) > millis(&waiting["attempted_at"]));
    let job = server.wait_for(id, "completed");
    assert_eq!(outcomes(&job), ["failed", "failed", "failed", "completed"]);
    assert_eq!(job["history"][1]["error"], json!("failed as asked, 2 of 3 times"));
    // It never comes before its time: 200, 400 and 800 ms, each at most a tenth less.
    for (attempt, least) in [(1, 180), (2, 360), (3, 720)] {
        let pause = millis(&job["history"][attempt]["began_at"])
            - millis(&job["history"][attempt - 1]["ended_at"]);
        assert!(pause >= least, "{pause} ms before attempt {}", attempt + 1);
    }
    server.stop();
}

#[test]
fn a_job_that_fails_too_often_is_discarded_and_can_be_retried_by_hand() {
    let server = Server::start(&folder("life-discard"), QUICK);
    let job = json!({ "kind": "fail", "args": { "times": 3 }, "max_attempts": 2 });
    let id = server.enqueue(&job);
    let job = server.wait_for(id, "discarded");
    assert_eq!((outcomes(&job), &job["attempt"]), (vec!["failed".to_owned(); 2], &json!(2)));
    assert!(job["finished_at"].is_string());
    server.act(&format!("/api/jobs/{id}/retry"));
    let job = until("the third attempt", || {
        let job = server.wait_for(id, "discarded");
        (job["attempt"] == 3).then_some(job)
    });
    assert_eq!(job["max_attempts"], json!(3));
    server.act(&format!("/api/jobs/{id}/retry"));
    let job = server.wait_for(id, "completed");
    assert_eq!((&job["attempt"], &job["max_attempts"]), (&json!(4), &json!(4)));
    server.stop();
}

#[test]
fn a_panic_is_a_failed_attempt_and_nothing_more() {
    let server = Server::start(&folder("life-panic"), QUICK);
    let beside = server.enqueue(&json!({ "kind": "sleep", "args": { "ms": 500 } }));
    let ids: Vec<i64> =
        (0..20).map(|_| server.enqueue(&json!({ "kind": "panic", "max_attempts": 2 }))).collect();
    for id in ids {
        let job = server.wait_for(id, "discarded");
        assert_eq!(outcomes(&job), ["panicked", "panicked"]);
        let error = format!("job {id} panics, as asked");
        assert_eq!(job["history"][0]["error"], json!(error));
    }
    assert_eq!(outcomes(&server.wait_for(beside, "completed")), ["completed"]);
    server.stop();
}

#[test]
fn an_attempt_that_takes_too_long_is_ended() {
    let config = format!("{QUICK}\ntime_limits = {{ sleep = '50ms' }}");
    let server = Server::start(&folder("life-timeout"), &config);
    let sleep = json!({ "kind": "sleep", "args": { "ms": 20_000 }, "max_attempts": 2 });
    let job = server.wait_for(server.enqueue(&sleep), "discarded");
    assert_eq!(outcomes(&job), ["timed_out", "timed_out"]);
    assert_eq!(job["history"][0]["error"], json!("it took longer than 50ms"));
    server.stop();
}

#[test]
fn jobs_wait_for_their_time() {
    let server = Server::start(&folder("life-schedule"), "");
    let at = |millis: u64| job_queue::Time::now().after(std::time::Duration::from_millis(millis));
    let far = server.enqueue(&json!({ "kind": "echo", "scheduled_at": at(3_600_000) }));
    // The timer of the far one must not hide the near one.
    let near = server.enqueue(&json!({ "kind": "echo", "scheduled_at": at(400) }));
    let past = json!({ "kind": "echo", "scheduled_at": "2020-02-02T20:20:20+02:00" });
    server.wait_for(server.enqueue(&past), "completed");
    let job = server.wait_for(near, "completed");
    assert!(millis(&job["attempted_at"]) >= millis(&job["scheduled_at"]));
    assert_eq!(server.job(far)["state"], json!("scheduled"));
    server.act(&format!("/api/jobs/{far}/retry"));
    server.wait_for(far, "completed");
    server.stop();
}

/// The order in which jobs began.
fn began(server: &Server, ids: &[i64]) -> Vec<i64> {
    let mut jobs: Vec<Value> = ids.iter().map(|id| server.wait_for(*id, "completed")).collect();
    jobs.sort_by_key(|job| millis(&job["attempted_at"]));
    jobs.iter().map(|job| job["id"].as_i64().unwrap()).collect()
}

#[test]
fn priorities_come_first_and_then_the_oldest() {
    let server = Server::start(&folder("life-priority"), "queues = { default = 1 }");
    server.act("/api/queues/default/pause");
    let enqueue = |priority: u8| {
        // Long enough that two cannot begin within one millisecond.
        let args = json!({ "ms": 3 });
        server.enqueue(&json!({ "kind": "sleep", "args": args, "priority": priority }))
    };
    let ids: Vec<i64> = [9, 0, 5, 0, 9, 5].map(enqueue).into();
    server.act("/api/queues/default/resume");
    let expected = [ids[1], ids[3], ids[2], ids[5], ids[0], ids[4]];
    assert_eq!(began(&server, &ids), expected);
    server.stop();
}

/// The most jobs that ran at the same time.
fn most_at_once(jobs: &[Value]) -> i64 {
    let mut changes = Vec::new();
    for attempt in jobs.iter().flat_map(|job| job["history"].as_array().unwrap()) {
        changes.push((millis(&attempt["began_at"]), 1));
        changes.push((millis(&attempt["ended_at"]), -1));
    }
    changes.sort_unstable(); // at one moment, ends before begins
    let mut running = 0;
    changes
        .iter()
        .map(|(_, change)| {
            running += change;
            running
        })
        .max()
        .unwrap_or(0)
}

#[test]
fn a_queue_never_runs_more_than_it_may() {
    let config = "queues = { default = 3, wide = 8 }";
    let server = Server::start(&folder("life-limit"), config);
    let job = |queue: &str| json!({ "kind": "sleep", "args": { "ms": 20 }, "queue": queue });
    let jobs: Vec<Value> = (0..60).map(|n| job(["default", "wide"][n % 2])).collect();
    server.post("/api/jobs", &json!(jobs));
    for (queue, limit) in [("default", 3), ("wide", 8)] {
        until("all jobs", || (server.counts(queue)["completed"] == 30).then_some(()));
        let jobs = server.all_jobs(&format!("&queue={queue}"));
        assert_eq!(most_at_once(&jobs), limit, "{queue}: neither more nor less");
    }
    server.stop();
}

#[test]
fn queues_are_paused_resumed_and_scaled_for_good() {
    let folder = folder("life-queues");
    let server = Server::start(&folder, "queues = { default = 1 }");
    let running = server.enqueue(&json!({ "kind": "sleep", "args": { "ms": 300 } }));
    server.wait_for(running, "executing");
    server.act("/api/queues/default/pause");
    let waiting = server.enqueue(&json!({ "kind": "echo" }));
    server.wait_for(running, "completed"); // a pause ends nothing
    let (status, queue) = server.post("/api/queues/default/scale", &json!({ "concurrency": 4 }));
    assert_eq!((status, &queue["concurrency"]), (200, &json!(4)));
    assert_eq!(queue["paused"], json!(true));
    server.stop();

    let server = Server::start(&folder, "queues = { default = 1 }");
    let queue = &server.get("/api/queues")[0];
    assert_eq!((&queue["paused"], &queue["concurrency"]), (&json!(true), &json!(4)));
    // Another queue shows that the program has had time to do what it must not do.
    let other = server.enqueue(&json!({ "kind": "echo", "queue": "other" }));
    server.wait_for(other, "completed");
    assert_eq!(server.job(waiting)["state"], json!("available"));
    let sleep = json!({ "kind": "sleep", "args": { "ms": 200 } });
    server.post("/api/jobs", &json!(vec![sleep; 8]));
    server.act("/api/queues/default/resume");
    until("all jobs", || (server.counts("default")["completed"] == 10).then_some(()));
    assert_eq!(most_at_once(&server.all_jobs("&queue=default")), 4);
    server.stop();

    // A new value in the configuration counts.
    let server = Server::start(&folder, "queues = { default = 2 }");
    assert_eq!(server.get("/api/queues")[0]["concurrency"], json!(2));
    server.stop();
}

#[test]
fn a_queue_that_is_full_runs_more_when_it_is_scaled() {
    let server = Server::start(&folder("life-scale"), "queues = { default = 1 }");
    let sleep = json!({ "kind": "sleep", "args": { "ms": 20_000 } });
    server.post("/api/jobs", &json!(vec![sleep; 3]));
    until("one", || (server.counts("default")["executing"] == 1).then_some(()));
    server.post("/api/queues/default/scale", &json!({ "concurrency": 3 }));
    until("three", || (server.counts("default")["executing"] == 3).then_some(()));
    for job in server.all_jobs("") {
        server.act(&format!("/api/jobs/{}/cancel", job["id"]));
    }
    server.stop();
}

#[test]
fn jobs_are_cancelled_while_they_wait_and_while_they_run() {
    let config = "queues = { default = 1 }\ntime_limits = { sleep = '1h' }";
    let server = Server::start(&folder("life-cancel"), config);
    let running = server.enqueue(&json!({ "kind": "sleep", "args": { "ms": 600_000 } }));
    server.wait_for(running, "executing");
    let waiting = server.enqueue(&json!({ "kind": "echo" }));
    let later = json!({ "kind": "echo", "scheduled_at": "2100-01-01T00:00:00Z" });
    let scheduled = server.enqueue(&later);
    for id in [waiting, scheduled] {
        let changed = server.act(&format!("/api/jobs/{id}/cancel"));
        assert_eq!(changed, json!({ "id": id, "state": "cancelled" }));
        assert!(server.job(id)["history"].as_array().unwrap().is_empty());
    }
    let next = server.enqueue(&json!({ "kind": "echo" }));
    server.act(&format!("/api/jobs/{running}/cancel"));
    // The only place is free again long before the ten minutes are over: the task has ended.
    server.wait_for(next, "completed");
    let job = server.job(running);
    assert_eq!(
        (outcomes(&job), &job["state"]),
        (vec!["cancelled".to_owned()], &json!("cancelled"))
    );
    let (status, body) = server.post(&format!("/api/jobs/{running}/cancel"), &json!(null));
    assert_eq!((status, &body["error"]), (409, &json!("wrong_state")));
    assert_eq!(
        body["message"],
        json!(format!("job {running} is cancelled, so it cannot be cancelled"))
    );
    server.act(&format!("/api/jobs/{waiting}/retry"));
    server.wait_for(waiting, "completed");
    server.stop();
}

#[test]
fn a_unique_key_lets_one_of_many_through() {
    let server = Server::start(&folder("life-unique"), "");
    let job = json!({
        "kind": "sleep", "args": { "ms": 500 }, "unique": { "key": "nightly" },
    });
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| server.client.clone().post("/api/jobs", &job).1))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let new: Vec<&Value> = answers.iter().filter(|a| a["duplicate"] == false).collect();
    assert_eq!(new.len(), 1, "{answers:?}");
    let id = new[0]["id"].as_i64().unwrap();
    assert!(answers.iter().all(|answer| answer["id"] == id));
    // Another kind or queue is another job, and a finished one does not count.
    let elsewhere = json!({ "kind": "echo", "queue": "other", "unique": { "key": "nightly" } });
    server.enqueue(&elsewhere);
    server.enqueue(&json!({ "kind": "echo", "unique": { "key": "nightly" } }));
    server.wait_for(id, "completed");
    let with_period = json!({
        "kind": "sleep", "args": { "ms": 1 }, "unique": { "key": "nightly", "period_seconds": 600 },
    });
    let (status, body) = server.post("/api/jobs", &with_period);
    assert_eq!((status, &body["id"], &body["duplicate"]), (200, &json!(id), &json!(true)));
    assert_ne!(server.enqueue(&job), id);
    server.stop();
}

#[test]
fn old_jobs_are_pruned() {
    let config = "keep = '200ms'\nprune_every = '50ms'\nqueues = { default = 5, paused = 1 }";
    let server = Server::start(&folder("life-prune"), config);
    server.act("/api/queues/paused/pause");
    let waiting = server.enqueue(&json!({ "kind": "echo", "queue": "paused" }));
    let id = server.enqueue(&json!({ "kind": "echo" }));
    until("the pruner", || {
        (server.try_get(&format!("/api/jobs/{id}")).unwrap().0 == 404).then_some(())
    });
    assert_eq!(server.job(waiting)["state"], json!("available"), "only finished jobs go");
    assert!(server.enqueue(&json!({ "kind": "echo" })) > id, "no id is used twice");
    server.stop();
}

#[test]
fn a_job_of_a_kind_that_is_gone_is_discarded() {
    let folder = folder("life-downgrade");
    let server = Server::start(&folder, "");
    server.act("/api/queues/default/pause");
    let id = server.enqueue(&json!({ "kind": "echo" }));
    server.stop();
    // What a newer version of the program would have left behind.
    let database = rusqlite::Connection::open(folder.join("jobs.db")).unwrap();
    database.execute("UPDATE jobs SET kind = 'future' WHERE id = ?1", [id]).unwrap();
    drop(database);
    let server = Server::start(&folder, "");
    server.act("/api/queues/default/resume");
    let job = server.wait_for(id, "discarded");
    assert_eq!(outcomes(&job), ["discarded"]);
    let error = job["history"][0]["error"].as_str().unwrap();
    assert!(error.starts_with("there is no kind of job \"future\""), "{error}");
    server.stop();
}
