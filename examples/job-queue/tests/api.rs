//! The API, as a newcomer uses it.

mod support;

use serde_json::{Value, json};
use support::{Answer, Server, folder, outcomes};

/// The word of an error that has a sentence, too.
fn refused(answer: &Answer, status: u16) -> &str {
    let (got, body) = answer;
    assert_eq!(*got, status, "{body}");
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    assert!(body["message"].as_str().unwrap().len() > 10, "{body}");
    body["error"].as_str().unwrap()
}

#[test]
fn a_job_is_enqueued_run_and_looked_at() {
    let server = Server::start(&folder("api-first"), "");
    let id = server.enqueue(&json!({ "kind": "echo", "args": { "text": "hello" } }));
    let job = server.wait_for(id, "completed");
    assert_eq!(job["result"], json!({ "text": "hello" }));
    assert_eq!((&job["attempt"], &job["queue"]), (&json!(1), &json!("default")));
    assert_eq!(outcomes(&job), ["completed"]);
    assert_eq!(server.counts("default")["completed"], json!(1));
    server.stop();
}

#[test]
fn several_jobs_are_enqueued_together_or_not_at_all() {
    let server = Server::start(&folder("api-batch"), "");
    let job = |n: u32| json!({ "kind": "echo", "args": n });
    let (status, body) = server.post("/api/jobs", &json!([job(1), job(2), job(3)]));
    assert_eq!((status, body.as_array().unwrap().len()), (201, 3));
    let broken = json!([job(4), { "kind": "sleep", "args": { "ms": "long" } }]);
    assert_eq!(refused(&server.post("/api/jobs", &broken), 422), "invalid_args");
    // Nobody may make queues without end; the 100th one is in the middle of this.
    let queues: Vec<Value> =
        (0..150).map(|n| json!({ "kind": "echo", "queue": format!("q{n}") })).collect();
    assert_eq!(refused(&server.post("/api/jobs", &json!(queues)), 409), "too_many_queues");
    let many: Vec<Value> = (0..1001).map(job).collect();
    assert_eq!(refused(&server.post("/api/jobs", &json!(many)), 422), "invalid");
    assert_eq!(server.all_jobs("").len(), 3);
    assert_eq!(server.get("/api/queues").as_array().unwrap().len(), 1);
    assert_eq!(server.post("/api/jobs", &json!([])), (200, json!([])));
    server.stop();
}

#[test]
fn what_is_wrong_is_said() {
    let server = Server::start(&folder("api-errors"), "");
    let post = |body: &Value| server.post("/api/jobs", body);
    assert_eq!(refused(&post(&json!({ "kind": "mail" })), 422), "unknown_kind");
    assert_eq!(refused(&post(&json!({ "kind": "sleep" })), 422), "invalid_args");
    for (field, value, part) in [
        ("prio", json!(1), "unknown field `prio`"),
        ("priority", json!("high"), "invalid type"),
        ("priority", json!(10), "from 0, which is first, to 9"),
        ("max_attempts", json!(0), "from 1 to 1000"),
        ("queue", json!("a b"), "1 to 64 letters"),
        ("unique", json!({ "key": "" }), "unique key"),
        ("scheduled_at", json!("soon"), "2026-12-24"),
    ] {
        let answer = post(&json!({ "kind": "echo", field: value }));
        assert_eq!(refused(&answer, 422), "invalid", "{field}");
        assert!(answer.1["message"].as_str().unwrap().contains(part), "{answer:?}");
    }
    let raw = |body: &str| server.try_post("/api/jobs", body.as_bytes()).unwrap();
    assert_eq!(refused(&raw("{\"kind\":"), 400), "malformed");
    assert_eq!(refused(&raw(""), 400), "malformed");
    assert_eq!(refused(&raw("7"), 422), "invalid");
    for (path, status, word) in [
        ("/api/jobs/7", 404, "not_found"),
        ("/api/jobs/seven", 404, "not_found"),
        ("/api/jobs?state=done", 400, "malformed"),
        ("/api/jobs?states=completed", 400, "malformed"),
        ("/api/jobs?limit=0", 422, "invalid"),
        ("/api/nothing", 404, "not_found"),
        ("/api/jobs/7/cancel", 405, "method_not_allowed"),
    ] {
        assert_eq!(refused(&server.try_get(path).unwrap(), status), word, "{path}");
    }
    let nothing = json!(null);
    assert_eq!(refused(&server.post("/api/jobs/7/cancel", &nothing), 404), "not_found");
    assert_eq!(refused(&server.post("/api/queues/mail/pause", &nothing), 404), "not_found");
    let scale = |n: i64| server.post("/api/queues/default/scale", &json!({ "concurrency": n }));
    assert_eq!(refused(&scale(0), 422), "invalid");
    assert_eq!(refused(&scale(-1), 422), "invalid");
    assert!(server.all_jobs("").is_empty());
    server.stop();
}

#[test]
fn lists_are_filtered_and_paged() {
    let server = Server::start(&folder("api-lists"), "");
    server.enqueue(&json!({ "kind": "echo", "queue": "other" }));
    server.act("/api/queues/default/pause");
    let ids: Vec<i64> = (0..5).map(|_| server.enqueue(&json!({ "kind": "echo" }))).collect();
    let page = server.get("/api/jobs?queue=default&state=available&limit=3");
    let listed = |page: &Value| -> Vec<i64> {
        page["jobs"].as_array().unwrap().iter().map(|job| job["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(listed(&page), [ids[4], ids[3], ids[2]]);
    let next = page["next"].as_i64().unwrap();
    let page = server.get(&format!("/api/jobs?queue=default&limit=3&before={next}"));
    assert_eq!((listed(&page), &page["next"]), (vec![ids[1], ids[0]], &Value::Null));
    assert_eq!(server.all_jobs("&state=available").len(), 5);
    assert_eq!(server.all_jobs("&queue=other").len(), 1);
    assert_eq!(server.all_jobs("&queue=none").len(), 0);
    assert_eq!(server.all_jobs("").len(), 6);
    server.stop();
}

#[test]
fn pages_of_other_sites_are_refused() {
    let server = Server::start(&folder("api-origin"), "");
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let url = format!("http://{}/api/queues/default/pause", server.address);
    let status = |origin: &str| {
        let answer = agent.post(&url).header("origin", origin).send_empty().unwrap();
        answer.status().as_u16()
    };
    assert_eq!(status("http://evil.example"), 403);
    assert_eq!(status("null"), 403);
    assert_eq!(server.get("/api/queues")[0]["paused"], json!(false));
    assert_eq!(status(&format!("http://{}", server.address)), 200);
    assert_eq!(server.get("/api/queues")[0]["paused"], json!(true));
    server.stop();
}
