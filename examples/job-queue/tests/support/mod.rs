//! The program and a client of it, for the tests.
#![allow(dead_code)] // each test uses some of it

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use harness::{Program, until};
use serde_json::{Value, json};

/// What makes retries quick.
pub(crate) const QUICK: &str = "backoff = '20ms'\nbackoff_max = '40ms'";

/// A folder of a test's own.
pub(crate) fn folder(name: &str) -> PathBuf {
    harness::folder(env!("CARGO_TARGET_TMPDIR"), name)
}

/// The program with this configuration, in this folder, at any free port.
pub(crate) fn command(folder: &Path, config: &str) -> Command {
    let text = format!("[job-queue]\nport = 0\n{config}\n");
    std::fs::write(folder.join("config.toml"), text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_job-queue"));
    command.current_dir(folder).env("OTP_CONFIG", folder.join("config.toml"));
    command
}

/// The program, and how to talk to it.
pub(crate) struct Server {
    pub(crate) program: Program,
    pub(crate) client: Client,
}

impl Server {
    pub(crate) fn start(folder: &Path, config: &str) -> Server {
        Server::of(Program::start(command(folder, config)))
    }

    pub(crate) fn of(program: Program) -> Server {
        let client = Client::new(&program.address());
        Server { program, client }
    }

    /// Ends the program as a service manager does, and expects that it has nothing to say.
    pub(crate) fn stop(self) {
        self.program.signal(harness::Signal::Term);
        let ended = self.program.wait();
        assert_eq!(ended.code, Some(0), "{:?}", ended.stderr);
    }
}

impl std::ops::Deref for Server {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A status and a body.
pub(crate) type Answer = (u16, Value);

/// A client of the API.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) address: String,
    agent: ureq::Agent,
}

impl Client {
    pub(crate) fn new(address: &str) -> Client {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        Client { address: address.to_owned(), agent: config.into() }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Asks; an error when there was no whole answer.
    pub(crate) fn try_get(&self, path: &str) -> Result<Answer, ureq::Error> {
        answer(self.agent.get(self.url(path)).call()?)
    }

    /// Sends; an error when there was no whole answer.
    pub(crate) fn try_post(&self, path: &str, body: &[u8]) -> Result<Answer, ureq::Error> {
        answer(self.agent.post(self.url(path)).send(body)?)
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, body) = self.try_get(path).unwrap();
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body.to_string().as_bytes()).unwrap()
    }

    /// Enqueues a job that is new, and gives its id.
    pub(crate) fn enqueue(&self, job: &Value) -> i64 {
        let (status, body) = self.post("/api/jobs", job);
        assert_eq!(status, 201, "{job}: {body}");
        assert_eq!(body["duplicate"], json!(false), "{job}");
        body["id"].as_i64().unwrap()
    }

    /// Does something that is to succeed.
    pub(crate) fn act(&self, path: &str) -> Value {
        let (status, body) = self.post(path, &json!(null));
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub(crate) fn job(&self, id: i64) -> Value {
        self.get(&format!("/api/jobs/{id}"))
    }

    /// Waits until a job is in a state, and gives it.
    pub(crate) fn wait_for(&self, id: i64, state: &str) -> Value {
        until(&format!("job {id} being {state}"), || {
            let job = self.job(id);
            (job["state"] == state).then_some(job)
        })
    }

    /// The counts of a queue.
    pub(crate) fn counts(&self, queue: &str) -> Value {
        let queues = self.get("/api/queues");
        let found = queues.as_array().unwrap().iter().find(|info| info["name"] == queue);
        found.map_or(Value::Null, |info| info["counts"].clone())
    }

    /// All jobs, the latest first, page by page.
    pub(crate) fn all_jobs(&self, filter: &str) -> Vec<Value> {
        let mut jobs = Vec::new();
        let mut before = i64::MAX;
        loop {
            let page = self.get(&format!("/api/jobs?limit=500&before={before}{filter}"));
            jobs.extend(page["jobs"].as_array().unwrap().iter().cloned());
            match page["next"].as_i64() {
                Some(next) => before = next,
                None => return jobs,
            }
        }
    }
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let status = response.status().as_u16();
    let text = response.body_mut().with_config().limit(100 << 20).read_to_string()?;
    Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
}

/// The outcomes of a job's attempts.
pub(crate) fn outcomes(job: &Value) -> Vec<String> {
    let history = job["history"].as_array().unwrap();
    history.iter().map(|attempt| attempt["outcome"].as_str().unwrap().to_owned()).collect()
}

/// A time of an answer, in milliseconds.
pub(crate) fn millis(time: &Value) -> i64 {
    let time: job_queue::Time = serde_json::from_value(time.clone()).expect("a time");
    time.to_date().timestamp_millis()
}
