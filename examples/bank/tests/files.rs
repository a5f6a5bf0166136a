//! Books that cannot be used, ports that are taken: one clear line, and exit code 1. And a disk
//! that is full.
#![cfg(unix)]

mod support;

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use harness::{Program, folder, until};
use rusqlite::Connection;
use support::{Bank, books, command, number};

fn refused(command: Command, text: &str) {
    let ended = Program::start(command).wait();
    assert_eq!((ended.code, &ended.stdout), (Some(1), &Vec::new()), "{ended:?}");
    assert_eq!(ended.stderr.len(), 1, "{ended:?}");
    assert!(ended.stderr[0].starts_with("Error: "), "{ended:?}");
    assert!(ended.stderr[0].ends_with(text), "{ended:?}\n{text}");
}

/// The folder of a bank that had one account and was ended.
fn used(name: &str) -> std::path::PathBuf {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), name);
    let Bank { client, program } = Bank::start(&folder);
    client.open_with("alice", 100);
    client.open_with("bob", 100);
    program.signal(harness::Signal::Term);
    assert_eq!(program.wait().code, Some(0));
    folder
}

fn change(folder: &Path, statement: &str) {
    Connection::open(folder.join("bank.db")).unwrap().execute_batch(statement).unwrap();
}

#[test]
fn a_port_in_use_is_said() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "port");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let mut command = command(&folder);
    command.env("BANK_PORT", &port);
    refused(
        command,
        &format!("cannot listen on 127.0.0.1:{port}: Address already in use (os error 98)"),
    );
}

#[test]
fn books_in_use_are_said() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "in-use");
    let bank = Bank::start(&folder);
    bank.client.open_with("alice", 100);
    refused(command(&folder), "bank.db: another process has it open");
    assert_eq!(bank.client.balance("alice"), 100);
    assert_eq!(bank.client.deposit("alice", 1).body["balance"], 101);
    // It leaves them to the next one.
    bank.program.kill();
    assert_eq!(Bank::start(&folder).client.balance("alice"), 101);
}

#[test]
fn a_place_that_cannot_be_used_is_said() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "places");
    for path in ["/proc/bank.db", "/nowhere/bank.db", "."] {
        let mut command = command(&folder);
        command.env("BANK_DATABASE", path);
        refused(command, &format!("{path}: unable to open database file: {path}"));
    }
}

#[test]
fn books_of_others_are_refused_and_left_alone() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "foreign");
    let path = folder.join("bank.db");
    let foreign = "bank.db: it is the database of another application";
    std::fs::write(&path, "this is not a database, but long enough to look like one").unwrap();
    refused(command(&folder), foreign);
    std::fs::remove_file(&path).unwrap();
    change(&folder, "CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT)");
    let before = std::fs::read(&path).unwrap();
    refused(command(&folder), foreign);
    change(&folder, "PRAGMA application_id = 7");
    refused(command(&folder), foreign);
    change(&folder, "PRAGMA application_id = 0");
    // But for the counter of changes, it is as it was.
    let after = std::fs::read(&path).unwrap();
    assert_eq!((&before[..24], &before[100..]), (&after[..24], &after[100..]));
}

#[test]
fn books_of_another_version_are_refused() {
    let folder = used("version");
    change(&folder, "PRAGMA user_version = 2");
    let text = "bank.db: it has version 2 of the schema, and this program knows version 1 only";
    refused(command(&folder), text);
}

#[test]
fn damaged_books_are_refused() {
    let folder = used("damaged");
    let path = folder.join("bank.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4096..].iter_mut().skip(100).for_each(|byte| *byte = 0xa5);
    std::fs::write(&path, bytes).unwrap();
    let ended = Program::start(command(&folder)).wait();
    assert_eq!((ended.code, ended.stderr.len()), (Some(1), 1), "{ended:?}");
    assert!(ended.stderr[0].contains("bank.db: it is damaged: "), "{ended:?}");
    // Shorter than it was.
    let folder = used("cut");
    let path = folder.join("bank.db");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let ended = Program::start(command(&folder)).wait();
    assert_eq!((ended.code, ended.stderr.len()), (Some(1), 1), "{ended:?}");
    assert!(ended.stderr[0].contains("bank.db: it is damaged: "), "{ended:?}");
}

#[test]
fn books_that_do_not_balance_are_refused() {
    let folder = used("unbalanced");
    change(
        &folder,
        "UPDATE postings SET amount = amount + 1, balance = balance + 1 WHERE account = 1",
    );
    refused(command(&folder), "bank.db: the books do not balance: all postings sum to 1");
    change(&folder, "UPDATE postings SET amount = amount - 1 WHERE account = 2");
    let text = "bank.db: the books do not balance: 1 do not follow from the one before";
    refused(command(&folder), text);
}

#[test]
fn a_configuration_that_is_wrong_is_said() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "configuration");
    let mut command = command(&folder);
    command.env("BANK_PORT", "many").env("BANK_SYNC", "perhaps");
    let ended = Program::start(command).wait();
    assert_eq!(ended.code, Some(1));
    for key in ["bank.port", "bank.sync"] {
        assert!(ended.stderr.iter().any(|line| line.contains(key)), "{ended:?}");
    }
}

/// The limit on the size of files stands for a disk that is full: the journal cannot grow. Nobody
/// knows what is on disk then, so the ledger begins anew, which makes room in the journal.
#[test]
fn a_full_disk_is_an_unknown_outcome_and_a_new_ledger() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "full");
    let program = command(&folder);
    let mut limited = Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 1000; exec \"$0\"";
    limited.args(["-c", script]).arg(program.get_program()).current_dir(&folder);
    limited.env("BANK_PORT", "0");
    let Bank { client, program } = Bank::run(limited);
    client.open_with("alice", 1);
    let amount = serde_json::json!({ "amount": 1 });
    let order = |key: &str| client.post_with_key("/accounts/alice/deposit", &amount, key);
    let (mut balance, mut keys) = (1, 0..10_000);
    // Until one is not known.
    let unknown = loop {
        let key = keys.next().expect("the disk fills up before").to_string();
        let answer = order(&key);
        if answer.status != 200 {
            assert_eq!(answer.error(), (503, "outcome_unknown"), "{answer:?}");
            assert_eq!(answer.retry_after.as_deref(), Some("1"));
            break key;
        }
        balance += 1;
        assert_eq!(answer.body["balance"], balance);
    };
    // It is sent again with its key, and the bank goes on.
    let answer = until("the next ledger", || {
        let answer = order(&unknown);
        assert!([200, 503].contains(&answer.status), "{answer:?}");
        (answer.status == 200).then_some(answer)
    });
    balance += 1;
    assert_eq!(answer.body["balance"], balance);
    assert_eq!(client.balance("alice"), balance);
    let (_, tree) = client.text("/tree");
    assert!(tree.contains("restarts: 1"), "{tree}");
    program.kill();
    assert_eq!(number(&books(&folder), "SELECT sum(amount) FROM postings"), 0);
    assert_eq!(number(&books(&folder), "SELECT count(*) FROM entries"), balance);
}
