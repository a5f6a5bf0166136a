//! The bank as a running program, and a client of it.

#![allow(dead_code, unreachable_pub)] // each test uses a part of it

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use harness::Program;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use ureq::Agent;

/// The program with its database in a folder, at a free port.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bank"));
    command.current_dir(folder).env_clear().env("BANK_PORT", "0");
    command
}

/// A running bank. It is killed when it is dropped.
pub struct Bank {
    pub program: Program,
    pub client: Client,
}

impl Bank {
    pub fn start(folder: &Path) -> Bank {
        Bank::run(command(folder))
    }

    pub fn run(command: Command) -> Bank {
        let program = Program::start(command);
        let client = Client::new(&program.address());
        Bank { program, client }
    }
}

/// Who asks the bank over HTTP.
#[derive(Clone, Debug)]
pub struct Client {
    pub address: String,
    agent: Agent,
}

/// What it is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub is_replay: bool,
    pub retry_after: Option<String>,
}

impl Client {
    pub fn new(address: &str) -> Client {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Client { address: address.to_owned(), agent: config.new_agent() }
    }

    /// A page as a text.
    pub fn text(&self, path: &str) -> (u16, String) {
        let mut response = self.agent.get(self.url(path)).call().unwrap();
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    }

    pub fn get(&self, path: &str) -> Answer {
        answer(self.agent.get(self.url(path)).call().unwrap()).unwrap()
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body, None).unwrap()
    }

    pub fn post_with_key(&self, path: &str, body: &Value, key: &str) -> Answer {
        self.try_post(path, body, Some(key)).unwrap()
    }

    /// Sends a body that may be anything, without saying what it is if `kind` is empty.
    pub fn post_raw(&self, path: &str, body: &str, kind: &str) -> Answer {
        let mut request = self.agent.post(self.url(path));
        if !kind.is_empty() {
            request = request.header("Content-Type", kind);
        }
        answer(request.send(body.as_bytes()).unwrap()).unwrap()
    }

    /// For programs that may be killed meanwhile.
    pub fn try_post(
        &self,
        path: &str,
        body: &Value,
        key: Option<&str>,
    ) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.post(self.url(path));
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        answer(request.send_json(body)?)
    }

    pub fn open(&self, account: &str) -> Answer {
        self.post("/accounts", &json!({ "account": account }))
    }

    pub fn deposit(&self, account: &str, amount: i64) -> Answer {
        self.post(&format!("/accounts/{account}/deposit"), &json!({ "amount": amount }))
    }

    pub fn withdraw(&self, account: &str, amount: i64) -> Answer {
        self.post(&format!("/accounts/{account}/withdraw"), &json!({ "amount": amount }))
    }

    pub fn transfer(&self, account: &str, to: &str, amount: i64) -> Answer {
        let body = json!({ "to": to, "amount": amount });
        self.post(&format!("/accounts/{account}/transfer"), &body)
    }

    pub fn balance(&self, account: &str) -> i64 {
        let answer = self.get(&format!("/accounts/{account}"));
        answer.body["balance"].as_i64().unwrap_or_else(|| panic!("{answer:?}"))
    }

    /// An account with something in it.
    pub fn open_with(&self, account: &str, amount: i64) {
        assert_eq!(self.open(account).status, 201);
        assert_eq!(self.deposit(account, amount).status, 200);
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        Some(value.to_str().expect("it is a text").to_owned())
    };
    let is_replay = header("idempotent-replay").as_deref() == Some("true");
    let retry_after = header("retry-after");
    let status = response.status().as_u16();
    let body = response.body_mut().read_json()?;
    Ok(Answer { status, body, is_replay, retry_after })
}

impl Answer {
    /// Its error, which has a message.
    pub fn error(&self) -> (u16, &str) {
        let message = self.body["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty(), "{self:?}");
        (self.status, self.body["error"].as_str().unwrap_or_default())
    }
}

/// A copy of the books of a bank that does not run: to look at the journal of a program that was
/// killed is to recover from it, and that is left to the bank.
pub fn books(folder: &Path) -> Connection {
    let copy = folder.join("copy");
    std::fs::create_dir_all(&copy).unwrap();
    for name in ["bank.db", "bank.db-wal"] {
        let _ = std::fs::remove_file(copy.join(name));
        if folder.join(name).exists() {
            std::fs::copy(folder.join(name), copy.join(name)).unwrap();
        }
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    Connection::open_with_flags(copy.join("bank.db"), flags).unwrap()
}

/// One number from the books.
pub fn number(books: &Connection, query: &str) -> i64 {
    books.query_row(query, [], |row| row.get(0)).unwrap()
}
