//! Random operations on the database and on a model of it, which must agree.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value;

use crate::job::{NewJob, Unique};
use crate::state::State;
use crate::store::batch::Effects;
use crate::store::control::QueueChange;
use crate::store::database::SCHEMA;
use crate::store::exchange::{Finished, Outcome, Report};
use crate::store::writer::{Failed, Writer};
use crate::time::Time;
use crate::worker::JobInfo;

/// How many sequences of operations are tried, and how long each is.
const SEEDS: u64 = 60;
const STEPS: usize = 150;

/// What the model knows of a job.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    state: State,
    priority: u8,
    attempt: u32,
    max_attempts: u32,
    scheduled_at: Time,
    key: Option<String>,
    /// How many attempts are over.
    history: usize,
}

struct World {
    connection: Connection,
    random: fastrand::Rng,
    now: Time,
    jobs: BTreeMap<i64, Known>,
    paused: bool,
    concurrency: u32,
    seed: u64,
}

/// What an operation wants others to know.
type Told = Effects;

impl World {
    fn new(seed: u64) -> World {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        World {
            connection,
            random: fastrand::Rng::with_seed(seed),
            now: Time::from_millis(1_000_000),
            jobs: BTreeMap::new(),
            paused: false,
            concurrency: 3,
            seed,
        }
    }

    fn write<T, E: std::fmt::Debug>(
        &mut self,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, Failed<E>>,
    ) -> (Result<T, E>, Told) {
        let mut effects = Effects::default();
        let connection = &self.connection;
        let mut writer =
            Writer { connection, effects: &mut effects, now: self.now, concurrency: 3 };
        match work(&mut writer) {
            Ok(value) => (Ok(value), effects),
            Err(Failed::Refused(error)) => (Err(error), effects),
            Err(Failed::Broken(error)) => panic!("seed {}: {error}", self.seed),
        }
    }

    fn in_state(&self, state: State) -> Vec<i64> {
        let jobs = self.jobs.iter().filter(|(_, job)| job.state == state);
        jobs.map(|(id, _)| *id).collect()
    }

    fn enqueue(&mut self) {
        let mut job = NewJob::new("echo", Value::Null);
        job.priority = self.random.u8(0..3);
        job.max_attempts = self.random.u32(1..4);
        if self.random.bool() {
            let later = Duration::from_millis(self.random.u64(1..500));
            job.scheduled_at = Some(self.now.after(later));
        }
        if self.random.bool() {
            let key = self.random.u8(0..5).to_string();
            job.unique = Some(Unique { key, period_seconds: 0 });
        }
        let key = job.unique.as_ref().map(|unique| unique.key.clone());
        let same = |known: &Known| key.is_some() && known.key == key && !known.state.is_finished();
        let expected = self.jobs.iter().rev().find(|(_, known)| same(known)).map(|(id, _)| *id);
        let (enqueued, told) = self.write(|writer| writer.enqueue(std::slice::from_ref(&job)));
        let enqueued = enqueued.unwrap()[0];
        assert_eq!(enqueued.duplicate.then_some(enqueued.id), expected);
        if enqueued.duplicate {
            return;
        }
        let state = if job.scheduled_at.is_some() { State::Scheduled } else { State::Available };
        assert_eq!(told.woken.len(), usize::from(state == State::Available));
        assert_eq!(told.due, job.scheduled_at);
        let known = Known {
            state,
            priority: job.priority,
            attempt: 0,
            max_attempts: job.max_attempts,
            scheduled_at: job.scheduled_at.unwrap_or(self.now),
            key,
            history: 0,
        };
        assert_eq!(self.jobs.insert(enqueued.id, known), None, "a new id");
    }

    fn stage(&mut self) {
        self.now = self.now.after(Duration::from_millis(self.random.u64(0..200)));
        let now = self.now;
        let waits = |job: &Known| matches!(job.state, State::Scheduled | State::Retryable);
        for job in self.jobs.values_mut() {
            if waits(job) && job.scheduled_at <= now {
                job.state = State::Available;
            }
        }
        let next = self.jobs.values().filter(|job| waits(job)).map(|job| job.scheduled_at).min();
        assert_eq!(self.write(|writer| writer.stage()).0, Ok(next));
    }

    /// A queue reports; `begins` is one whose last process is gone.
    fn exchange(&mut self, begins: bool) {
        let mut running = self.in_state(State::Executing);
        self.random.shuffle(&mut running);
        let over = if begins { 0 } else { self.random.usize(0..=running.len()) };
        let finished: Vec<Finished> = running[..over].iter().map(|id| self.finish(*id)).collect();
        if begins {
            running.iter().for_each(|id| self.orphan(*id));
        }
        let left = if begins { 0 } else { running.len() - over };
        let report =
            Report { queue: "default".to_owned(), begins, finished, running: left, takes: true };
        let known = !self.jobs.is_empty();
        let limit = if self.paused || !known { 0 } else { self.concurrency as usize };
        let expected = self.claim(limit.saturating_sub(left));
        let exchanged = self.write(|writer| writer.exchange(&report)).0.unwrap();
        let claimed: Vec<i64> = exchanged.claimed.iter().map(|claimed| claimed.job.id).collect();
        assert_eq!((claimed, exchanged.limit), (expected, limit), "seed {}", self.seed);
    }

    /// Decides how an attempt ends.
    fn finish(&mut self, id: i64) -> Finished {
        let outcome = match self.random.u8(0..6) {
            0 | 1 => Outcome::Completed(Value::Null),
            2 => Outcome::Failed("no".to_owned()),
            3 => Outcome::Discarded("no".to_owned()),
            4 => Outcome::Released,
            _ => Outcome::Cancelled("no".to_owned()),
        };
        let retry_at = self.now.after(Duration::from_millis(50));
        let job = self.jobs.get_mut(&id).unwrap();
        let info = JobInfo { id, attempt: job.attempt, max_attempts: job.max_attempts };
        job.history += 1;
        job.state = match &outcome {
            Outcome::Completed(_) => State::Completed,
            Outcome::Failed(_) if job.attempt < job.max_attempts => State::Retryable,
            Outcome::Released => State::Available,
            Outcome::Cancelled(_) => State::Cancelled,
            _ => State::Discarded,
        };
        match job.state {
            State::Retryable => job.scheduled_at = retry_at,
            State::Available => job.attempt -= 1,
            _ => {}
        }
        Finished { job: info, ended_at: self.now, outcome, retry_at }
    }

    fn orphan(&mut self, id: i64) {
        let job = self.jobs.get_mut(&id).unwrap();
        let exhausted = job.attempt >= job.max_attempts;
        job.state = if exhausted { State::Discarded } else { State::Available };
        job.history += 1;
    }

    /// The jobs that are next.
    fn claim(&mut self, free: usize) -> Vec<i64> {
        let mut next = self.in_state(State::Available);
        next.sort_by_key(|id| {
            let job = &self.jobs[id];
            (job.priority, job.scheduled_at, *id)
        });
        next.truncate(free);
        for id in &next {
            let job = self.jobs.get_mut(id).unwrap();
            job.state = State::Executing;
            job.attempt += 1;
        }
        next
    }

    fn cancel(&mut self, id: i64) {
        let job = self.jobs.get_mut(&id);
        let allowed = job.as_ref().is_some_and(|job| !job.state.is_finished());
        let mut stopped = Vec::new();
        if let Some(job) = job.filter(|_| allowed) {
            if job.state == State::Executing {
                job.history += 1;
                stopped.push(("default".to_owned(), id));
            }
            job.state = State::Cancelled;
        }
        let (cancelled, told) = self.write(|writer| writer.cancel(id));
        assert_eq!((cancelled.is_ok(), told.stopped), (allowed, stopped), "seed {}", self.seed);
    }

    fn retry(&mut self, id: i64) {
        let now = self.now;
        let allowed = match self.jobs.get_mut(&id) {
            Some(job) if !matches!(job.state, State::Available | State::Executing) => {
                job.state = State::Available;
                job.max_attempts = job.max_attempts.max(job.attempt + 1);
                job.scheduled_at = now;
                true
            }
            _ => false,
        };
        let retried = self.write(|writer| writer.retry(id)).0;
        assert_eq!(retried.is_ok(), allowed, "seed {}", self.seed);
    }

    fn change_queue(&mut self) {
        let change = match self.random.u8(0..4) {
            0 => QueueChange::Pause,
            1 | 2 => QueueChange::Resume,
            _ => QueueChange::Scale(self.random.u32(1..6)),
        };
        let changed = self.write(|writer| writer.change_queue("default", change));
        if self.jobs.is_empty() {
            assert!(changed.0.is_err(), "it is made with its first job");
            return;
        }
        assert_eq!((changed.0, changed.1.rescaled.len()), (Ok(()), 1));
        match change {
            QueueChange::Pause => self.paused = true,
            QueueChange::Resume => self.paused = false,
            QueueChange::Scale(n) => self.concurrency = n,
        }
    }

    fn step(&mut self) {
        let id = self.random.i64(1..40);
        match self.random.u8(0..12) {
            0..=3 => self.enqueue(),
            4 | 5 => self.stage(),
            6..=8 => self.exchange(false),
            9 => self.cancel(id),
            10 => self.retry(id),
            _ if self.random.bool() => self.change_queue(),
            _ => self.exchange(true),
        }
    }

    /// Everything that the database has of the jobs.
    fn read(&self) -> BTreeMap<i64, Known> {
        let sql = "SELECT id, state, priority, attempt, max_attempts, scheduled_at, unique_key,
                   (SELECT count(*) FROM attempts WHERE job = id) FROM jobs";
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        let rows = statement.query_map((), |row| {
            let known = Known {
                state: row.get(1)?,
                priority: row.get(2)?,
                attempt: row.get(3)?,
                max_attempts: row.get(4)?,
                scheduled_at: row.get(5)?,
                key: row.get(6)?,
                history: row.get::<_, u32>(7)? as usize,
            };
            Ok((row.get(0)?, known))
        });
        rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }
}

#[test]
fn the_database_does_what_the_model_says() {
    let mut reached = BTreeSet::new();
    for seed in 0..SEEDS {
        let mut world = World::new(seed);
        for step in 0..STEPS {
            // Attempts of one job that begin within one millisecond are told apart by number only.
            world.now = world.now.after(Duration::from_millis(1));
            world.step();
            assert_eq!(world.read(), world.jobs, "seed {seed}, step {step}");
            reached.extend(world.jobs.values().map(|job| job.state));
        }
    }
    assert_eq!(reached.len(), State::ALL.len(), "every state was reached");
}
