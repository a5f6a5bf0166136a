//! What the program cannot work with it refuses in one line, with exit code 1.

mod support;

use std::net::TcpListener;
use std::path::Path;

use harness::Program;
use rusqlite::Connection;
use serde_json::json;
use support::{Server, command, folder};

/// Expects that the program does not start, and that the line it prints has these parts.
fn refused(folder: &Path, config: &str, parts: &[&str]) {
    let ended = Program::start(command(folder, config)).wait();
    assert_eq!((ended.code, &ended.stdout[..]), (Some(1), &[][..]), "{:?}", ended.stderr);
    let [line] = &ended.stderr[..] else { panic!("not one line: {:#?}", ended.stderr) };
    assert!(line.starts_with("Error: "), "{line}");
    for part in parts {
        assert!(line.contains(part), "{line:?} has no {part:?}");
    }
}

#[test]
fn a_port_in_use() {
    let folder = folder("refused-port");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut command = command(&folder, "");
    command.env("JOB_QUEUE_PORT", port.to_string());
    let ended = Program::start(command).wait();
    assert_eq!(ended.code, Some(1));
    let [line] = &ended.stderr[..] else { panic!("not one line: {:#?}", ended.stderr) };
    assert!(line.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{line}");
}

#[test]
fn a_file_that_somebody_else_uses() {
    let folder = folder("refused-used");
    let server = Server::start(&folder, "");
    refused(&folder, "", &["`AppSup.Jobs.Store`", "another job-queue is running on jobs.db"]);
    let id = server.enqueue(&json!({ "kind": "echo" })); // the first one is not harmed
    server.wait_for(id, "completed");
    server.stop();
    let other = Connection::open(folder.join("jobs.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    refused(&folder, "", &["jobs.db cannot be used: another program has it locked"]);
    other.execute_batch("ROLLBACK").unwrap();
    Server::start(&folder, "").stop();
}

#[test]
fn a_file_that_is_no_database_of_this_program() {
    let folder = folder("refused-foreign");
    let path = folder.join("jobs.db");
    std::fs::write(&path, "this is a text, and a rather long one. ".repeat(200)).unwrap();
    refused(&folder, "", &["jobs.db cannot be used: it is not a database"]);
    std::fs::remove_file(&path).unwrap();

    Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    refused(&folder, "", &["jobs.db is the database of another program"]);
    let tables = "SELECT group_concat(name) FROM sqlite_schema";
    let other = Connection::open(&path).unwrap();
    let left: String = other.query_row(tables, (), |row| row.get(0)).unwrap();
    assert_eq!(left, "notes", "it is left as it was");
    drop(other);
    std::fs::remove_file(&path).unwrap();

    Server::start(&folder, "").stop();
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    refused(&folder, "", &["jobs.db was made by a newer version of job-queue"]);
}

#[test]
fn a_file_that_is_damaged() {
    let folder = folder("refused-damaged");
    let path = folder.join("jobs.db");
    let server = Server::start(&folder, "");
    let jobs = json!(vec![json!({ "kind": "echo", "args": "x".repeat(500) }); 500]);
    server.post("/api/jobs", &jobs);
    server.stop();
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    refused(&folder, "", &["jobs.db is damaged: "]);
    let mut scratched = whole.clone();
    let (begin, end) = (whole.len() / 4, whole.len() / 2);
    scratched[begin..end].fill(0xa5);
    std::fs::write(&path, scratched).unwrap();
    refused(&folder, "", &["jobs.db is damaged: "]);
    std::fs::write(&path, whole).unwrap();
    Server::start(&folder, "").stop();
}

#[test]
fn a_place_that_cannot_be_written() {
    let folder = folder("refused-place");
    for (path, part) in [
        ("/nowhere/jobs.db", "No such file or directory"),
        ("/proc/jobs.db", "/proc/jobs.db-lock cannot be opened"),
        (".", "cannot be"),
    ] {
        refused(&folder, &format!("database = '{path}'"), &["`AppSup.Jobs.Store`", part]);
    }
}

#[test]
fn a_configuration_that_makes_no_sense() {
    let folder = folder("refused-config");
    for (config, part) in [
        ("prot = 1", "prot"),
        ("queues = { 'a b' = 1 }", "`job-queue.queues`: \"a b\" is no name"),
        ("queues = { a = 0 }", "`job-queue.queues`: \"a\" runs no job"),
        ("time_limits = { mail = '1s' }", "`job-queue.time_limits.mail`: there is no such kind"),
        ("synchronous = 'maybe'", "synchronous"),
    ] {
        refused(&folder, config, &[part]);
    }
}
