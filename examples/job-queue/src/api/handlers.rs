//! What each address does.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;

use super::error::ApiError;
use super::input::{Body, Id, Params, QueueName};
use crate::config::Settings;
use crate::job::{Enqueued, Job, NewJob};
use crate::reader::{Filter, JobPage, PAGE, QueueInfo, Reader};
use crate::state::State;
use crate::store::{QueueChange, Store};
use crate::time::Time;

/// How many jobs are enqueued with one request at most.
const MAX_JOBS: usize = 1000;

/// How many jobs are listed when nothing is said.
const LISTED: u32 = 50;

/// How many jobs a queue may run at a time.
const MAX_CONCURRENCY: u32 = 1000;

type Answer<T> = Result<Json<T>, ApiError>;

/// One job, or several that are enqueued together.
pub(super) enum Jobs {
    Many(Vec<NewJob>),
    One(NewJob),
}

// Not `untagged`, which would only say that neither form fits.
impl<'de> Deserialize<'de> for Jobs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Jobs, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let jobs = if value.is_array() {
            serde_json::from_value(value).map(Jobs::Many)
        } else {
            serde_json::from_value(value).map(Jobs::One)
        };
        jobs.map_err(de::Error::custom)
    }
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Answers {
    Many(Vec<Enqueued>),
    One(Enqueued),
}

/// `POST /api/jobs`
pub(super) async fn enqueue(
    Shared(settings): Shared<Settings>,
    Body(body): Body<Jobs>,
) -> Result<(StatusCode, Json<Answers>), ApiError> {
    let (jobs, one) = match body {
        Jobs::Many(jobs) => (jobs, false),
        Jobs::One(job) => (vec![job], true),
    };
    if jobs.len() > MAX_JOBS {
        return Err(ApiError::invalid(format!("there are more than {MAX_JOBS} jobs")));
    }
    for job in &jobs {
        job.check()?;
        settings.workers.check(&job.kind, &job.args)?;
    }
    let enqueued = Store::client().enqueue(jobs).await??;
    let new = enqueued.iter().any(|job| !job.duplicate);
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    let answers = match &enqueued[..] {
        [job] if one => Answers::One(*job),
        _ => Answers::Many(enqueued),
    };
    Ok((status, Json(answers)))
}

/// What can be asked of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListParams {
    state: Option<State>,
    queue: Option<String>,
    before: Option<i64>,
    limit: Option<u32>,
}

/// `GET /api/jobs`
pub(super) async fn list(Params(params): Params<ListParams>) -> Answer<JobPage> {
    let limit = params.limit.unwrap_or(LISTED);
    if !(1..=PAGE).contains(&limit) {
        return Err(ApiError::invalid(format!("`limit` is a number from 1 to {PAGE}")));
    }
    let ListParams { state, queue, before, .. } = params;
    let filter = Filter { state, queue, before, limit };
    Ok(Json(Reader::client().jobs(filter).await??))
}

/// `GET /api/jobs/{id}`
pub(super) async fn show(Id(id): Id) -> Answer<Job> {
    let job = Reader::client().job(id).await??;
    job.map(Json).ok_or_else(|| ApiError::not_found(format!("there is no job {id}")))
}

/// What became of a job.
#[derive(Serialize)]
pub(super) struct Changed {
    id: i64,
    state: State,
}

/// `POST /api/jobs/{id}/cancel`
pub(super) async fn cancel(Id(id): Id) -> Answer<Changed> {
    let state = Store::client().cancel(id).await??;
    Ok(Json(Changed { id, state }))
}

/// `POST /api/jobs/{id}/retry`
pub(super) async fn retry(Id(id): Id) -> Answer<Changed> {
    let state = Store::client().retry(id).await??;
    Ok(Json(Changed { id, state }))
}

/// `GET /api/queues`
pub(super) async fn queues() -> Answer<Vec<QueueInfo>> {
    Ok(Json(Reader::client().queues().await??))
}

/// `POST /api/queues/{name}/pause`
pub(super) async fn pause(QueueName(name): QueueName) -> Answer<QueueInfo> {
    change(name, QueueChange::Pause).await
}

/// `POST /api/queues/{name}/resume`
pub(super) async fn resume(QueueName(name): QueueName) -> Answer<QueueInfo> {
    change(name, QueueChange::Resume).await
}

/// How many jobs a queue shall run at a time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scale {
    concurrency: u32,
}

/// `POST /api/queues/{name}/scale`
pub(super) async fn scale(
    QueueName(name): QueueName,
    Body(Scale { concurrency }): Body<Scale>,
) -> Answer<QueueInfo> {
    if !(1..=MAX_CONCURRENCY).contains(&concurrency) {
        let text = format!("`concurrency` is a number from 1 to {MAX_CONCURRENCY}");
        return Err(ApiError::invalid(text));
    }
    change(name, QueueChange::Scale(concurrency)).await
}

/// Changes a queue and shows it.
async fn change(name: String, change: QueueChange) -> Answer<QueueInfo> {
    Store::client().change_queue(name.clone(), change).await??;
    let queues = Reader::client().queues().await??;
    let queue = queues.into_iter().find(|queue| queue.name == name);
    queue.map(Json).ok_or_else(|| ApiError::not_found(format!("there is no queue {name:?}")))
}

/// An entry of the timetable.
#[derive(Serialize)]
pub(super) struct CronInfo {
    name: String,
    schedule: String,
    kind: String,
    queue: String,
    last: Option<Time>,
    next: Option<Time>,
}

/// `GET /api/cron`
pub(super) async fn cron(Shared(settings): Shared<Settings>) -> Answer<Vec<CronInfo>> {
    let ticks = Reader::client().last_ticks().await??;
    let now = Time::now();
    let entries = settings.cron.iter().map(|entry| CronInfo {
        name: entry.name.clone(),
        schedule: entry.schedule.clone(),
        kind: entry.job.kind.clone(),
        queue: entry.job.queue.clone(),
        last: ticks.get(&entry.name).copied(),
        next: entry.next(now),
    });
    Ok(Json(entries.collect()))
}

/// `GET /api/picture`
pub(super) async fn picture() -> Result<impl IntoResponse, ApiError> {
    let picture = Reader::client().picture().await??;
    Ok(([(CONTENT_TYPE, "application/json")], picture))
}
