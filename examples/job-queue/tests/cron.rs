//! The timetable: each tick is enqueued once, whatever happens to the program.

mod support;

use std::collections::BTreeMap;

use harness::{Program, until};
use serde_json::{Value, json};
use support::{Server, command, folder};

const CONFIG: &str = "
    [job-queue.cron.tick]
    schedule = '* * * * * *'
    kind = 'echo'
    args = { from = 'cron', list = [1, { deep = true }] }
    queue = 'ticks'
";

/// How often each tick was enqueued, by its time in seconds.
fn ticks(server: &Server) -> BTreeMap<i64, usize> {
    let mut ticks = BTreeMap::new();
    for job in server.all_jobs("&queue=ticks") {
        let tick = support::millis(&job["scheduled_at"]);
        assert_eq!(tick % 1000, 0, "{job}");
        *ticks.entry(tick / 1000).or_default() += 1;
    }
    ticks
}

#[test]
fn each_tick_is_enqueued_once_across_restarts() {
    let folder = folder("cron-once");
    let mut seen = 0;
    for round in 0..4 {
        let server = Server::start(&folder, CONFIG);
        until("ticks", || (ticks(&server).len() > seen).then_some(()));
        seen = ticks(&server).len();
        // Some work, so that the kill comes at another place in the second each time.
        for _ in 0..round * 40 {
            server.enqueue(&json!({ "kind": "echo" }));
        }
        server.program.kill();
    }
    let server = Server::start(&folder, CONFIG);
    let ticks = until("one more", || Some(ticks(&server)).filter(|ticks| ticks.len() > seen + 1));
    let (first, last) = (ticks.keys().min().unwrap(), ticks.keys().max().unwrap());
    let expected: BTreeMap<i64, usize> = (*first..=*last).map(|second| (second, 1)).collect();
    assert_eq!(ticks, expected, "each second once, also those in which nothing ran");
    let job = &server.get("/api/jobs?queue=ticks&state=completed")["jobs"][0];
    assert_eq!(job["args"], json!({ "from": "cron", "list": [1, { "deep": true }] }));
    let entry = &server.get("/api/cron")[0];
    assert_eq!((&entry["name"], &entry["kind"]), (&json!("tick"), &json!("echo")));
    assert!(support::millis(&entry["next"]) > support::millis(&entry["last"]));
    server.stop();
}

#[test]
fn what_was_missed_long_ago_is_not_caught_up() {
    let folder = folder("cron-late");
    let server = Server::start(&folder, CONFIG);
    until("a tick", || (!ticks(&server).is_empty()).then_some(()));
    server.program.kill();
    let database = rusqlite::Connection::open(folder.join("jobs.db")).unwrap();
    let before: i64 = database
        .query_row(
            "UPDATE cron SET last_tick = last_tick - 3600000 RETURNING last_tick",
            (),
            |row| row.get(0),
        )
        .unwrap();
    drop(database);
    let config = format!("cron_catch_up = '5s'\n{CONFIG}");
    let server = Server::start(&folder, &config);
    // Enqueued long after their time: those of the last five seconds, and no others.
    let late = |job: &Value| {
        let at = |time: &str| support::millis(&job[time]);
        (at("inserted_at") - at("scheduled_at") > 1500).then_some(at("scheduled_at") / 1000)
    };
    let late = until("ticks of the last seconds", || {
        let late: Vec<i64> = server.all_jobs("&queue=ticks").iter().filter_map(late).collect();
        (late.len() >= 3).then_some(late)
    });
    assert!(late.len() <= 5, "{late:?}");
    assert!(*late.iter().min().unwrap() > before / 1000 + 3500, "{late:?}");
    server.stop();
}

#[test]
fn a_timetable_that_makes_no_sense_is_refused() {
    let folder = folder("cron-refused");
    for (schedule, kind, part) in [
        ("every day", "echo", "the schedule \"every day\" cannot be read"),
        ("@daily", "mail", "there is no kind of job \"mail\""),
        ("@daily", "sleep", "the arguments do not fit a job of kind \"sleep\""),
    ] {
        let config = format!("[job-queue.cron.e]\nschedule = '{schedule}'\nkind = '{kind}'");
        let ended = Program::start(command(&folder, &config)).wait();
        assert_eq!(ended.code, Some(1));
        let [line] = &ended.stderr[..] else { panic!("{:?}", ended.stderr) };
        assert!(line.starts_with("Error: `job-queue.cron.e`: ") && line.contains(part), "{line}");
    }
}

#[test]
fn without_entries_the_list_is_empty() {
    let server = Server::start(&folder("cron-none"), "");
    assert_eq!(server.get("/api/cron"), Value::Array(Vec::new()));
    server.stop();
}
