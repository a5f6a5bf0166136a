//! Parts of the program that crash, and what is left of the work.

mod support;

use std::future::Future;
use std::time::Duration;

use job_queue::{
    AppSup, Job, NewJob, Queue, QueueConfig, Reader, Settings, State, Store, Time, workers,
};
use otp::config::Sources;
use otp::prelude::*;
use serde_json::json;
use support::folder;

/// Everything that the program runs, in this test.
async fn start(name: &str) {
    let database = folder(name).join("jobs.db");
    let text = format!("[job-queue]\nport = 0\ndatabase = {database:?}\nbackoff = '10ms'");
    let config = QueueConfig::load_from(&Sources::new().toml_text(text)).unwrap();
    let settings = Settings::new(config, workers()).unwrap();
    otp::test::start_supervised(AppSup::child_spec(settings)).await;
}

fn sleep(ms: u64) -> NewJob {
    NewJob::new("sleep", json!({ "ms": ms }))
}

async fn enqueue(jobs: Vec<NewJob>) -> Vec<i64> {
    let enqueued = Store::client().enqueue(jobs).await.unwrap().unwrap();
    enqueued.into_iter().map(|job| job.id).collect()
}

/// Asks until there is an answer: what crashed is being started again.
async fn until<T, F: Future<Output = Option<T>>>(ask: impl Fn() -> F) -> T {
    let deadline = Time::now().after(harness::DEADLINE);
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(Time::now() < deadline, "waited in vain");
        process::sleep(Duration::from_millis(10)).await;
    }
}

async fn job_in(id: i64, state: State) -> Job {
    until(async || match Reader::client().job(id).await {
        Ok(Ok(Some(job))) if job.state == state => Some(job),
        _ => None,
    })
    .await
}

fn outcomes(job: &Job) -> Vec<&str> {
    job.history.iter().map(|attempt| attempt.outcome.as_str()).collect()
}

#[otp::test]
async fn a_queue_that_crashes_takes_its_jobs_along_and_runs_them_again() {
    start("crash-queue").await;
    let ids = enqueue(vec![sleep(300); 3]).await;
    job_in(ids[2], State::Executing).await;
    let queue = Queue::client("default").pid().unwrap();
    process::send_exit(queue, ExitReason::Kill);
    for id in ids {
        let job = job_in(id, State::Completed).await;
        assert_eq!(outcomes(&job), ["orphaned", "completed"]);
        // The first attempt was over before the second one began.
        assert!(job.history[1].began_at >= job.history[0].ended_at);
    }
}

#[otp::test]
async fn a_store_that_crashes_is_started_again_with_all_that_depends_on_it() {
    start("crash-store").await;
    let ids = enqueue(vec![sleep(300); 3]).await;
    job_in(ids[2], State::Executing).await;
    let (store, queue) = (Store::client().pid(), Queue::client("default").pid());
    process::send_exit(store.unwrap(), ExitReason::Kill);
    for id in ids {
        let job = job_in(id, State::Completed).await;
        assert_eq!(outcomes(&job), ["orphaned", "completed"]);
    }
    assert_ne!((Store::client().pid(), Queue::client("default").pid()), (store, queue));
    let id = enqueue(vec![sleep(1)]).await[0];
    job_in(id, State::Completed).await;
}

#[otp::test]
async fn all_that_was_answered_survives_a_store_that_crashes_under_load() {
    start("crash-load").await;
    let mut answered = Vec::new();
    for _ in 0..2 {
        let store = Store::client().pid().unwrap();
        // All are under way when the crash comes. Those that meet it get its reason, at once.
        let requests: Vec<_> =
            (0..300).map(|_| Store::client().enqueue(vec![sleep(1)]).send()).collect();
        for (n, request) in requests.into_iter().enumerate() {
            if n == 1 {
                process::send_exit(store, ExitReason::Kill);
            }
            if let Ok(enqueued) = request.await {
                answered.push(enqueued.unwrap()[0].id);
            }
        }
        until(async || Reader::client().queues().await.ok()).await.unwrap();
    }
    assert!(answered.len() >= 2);
    for id in answered {
        job_in(id, State::Completed).await;
    }
}
