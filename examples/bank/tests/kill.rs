//! What was answered is there after `kill -9`, whenever that comes, and nothing is there twice.

mod support;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use fastrand::Rng;
use harness::{folder, kill_rounds, until};
use serde_json::{Value, json};
use support::{Bank, Client, books, number};

const ACCOUNTS: usize = 5;
const CLIENTS: usize = 6;
const FUNDS: i64 = 1_000;

/// A request under a key of its own.
#[derive(Clone, Debug)]
struct Request {
    key: String,
    path: String,
    body: Value,
}

/// A request, and its answer if one came.
type Sent = (Request, Option<(u16, Value)>);

fn request(rng: &mut Rng, key: String) -> Request {
    let account = rng.usize(..ACCOUNTS);
    let amount = rng.i64(1..=FUNDS);
    let (what, body) = match rng.u8(..4) {
        0 => ("deposit", json!({ "amount": amount })),
        1 => ("withdraw", json!({ "amount": amount })),
        _ => {
            let other = (account + rng.usize(1..ACCOUNTS)) % ACCOUNTS;
            ("transfer", json!({ "amount": amount, "to": format!("account-{other}") }))
        }
    };
    Request { key, path: format!("/accounts/account-{account}/{what}"), body }
}

fn send(client: &Client, request: &Request) -> Option<(u16, Value)> {
    let Request { key, path, body } = request;
    let answer = client.try_post(path, body, Some(key)).ok()?;
    assert!([200, 422].contains(&answer.status), "{request:?} {answer:?}");
    Some((answer.status, answer.body))
}

/// Sends requests until the bank is gone.
fn load(client: &Client, mut rng: Rng, name: &str, answered: &AtomicUsize) -> Vec<Sent> {
    let mut sent = Vec::new();
    loop {
        let request = request(&mut rng, format!("{name}-{}", sent.len()));
        let answer = send(client, &request);
        let is_gone = answer.is_none();
        sent.push((request, answer));
        if is_gone {
            return sent;
        }
        answered.fetch_add(1, Ordering::Relaxed);
    }
}

/// One life of the bank, which ends in the middle of something.
fn live_and_be_killed(folder: &Path, round: usize, rng: &mut Rng) -> Vec<Sent> {
    let Bank { client, program } = Bank::start(folder);
    let answered = AtomicUsize::new(0);
    let enough = rng.usize(1..200);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (name, rng) = (format!("{round}-{number}"), rng.fork());
                let (client, answered) = (&client, &answered);
                scope.spawn(move || load(client, rng, &name, answered))
            })
            .collect();
        until("enough answers", || (answered.load(Ordering::Relaxed) >= enough).then_some(()));
        for _ in 0..rng.usize(..20_000) {
            std::hint::spin_loop(); // so that the kill comes anywhere in a commit
        }
        program.kill();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    })
}

/// Everything that was answered is in the books as it was answered, and they balance.
fn check(folder: &Path, sent: &[Sent]) -> usize {
    let books = books(folder);
    assert_eq!(number(&books, "SELECT sum(amount) FROM postings"), 0);
    let one_sided =
        "SELECT count(*) FROM (SELECT 1 FROM postings GROUP BY entry HAVING sum(amount) <> 0)";
    assert_eq!(number(&books, one_sided), 0);
    assert_eq!(
        number(&books, "SELECT count(*) FROM postings WHERE balance < 0 AND account > 0"),
        0
    );
    let mut query = books.prepare("SELECT key, answer FROM orders").unwrap();
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let orders: HashMap<String, String> = rows.map(Result::unwrap).collect();
    for (Request { key, .. }, answer) in sent {
        let Some((status, body)) = answer else { continue };
        let recorded = orders.get(key).unwrap_or_else(|| panic!("{key} is lost: {body}"));
        let recorded: Value = serde_json::from_str(recorded).unwrap();
        match status {
            200 => assert_eq!(recorded["Ok"], *body, "{key}"),
            _ => assert!(recorded["Err"]["insufficient_funds"].is_object(), "{key} {recorded}"),
        }
    }
    // Each order that was done has one entry, and there are no others but the first deposits.
    let done = orders.values().filter(|answer| answer.contains("\"Ok\"")).count();
    let entries = number(&books, "SELECT count(*) FROM entries");
    assert_eq!(entries, i64::try_from(done + ACCOUNTS).unwrap());
    sent.iter().filter(|(request, _)| orders.contains_key(&request.key)).count()
}

#[test]
fn what_was_answered_is_there_after_a_kill_and_nothing_twice() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("SEED={seed}"); // shown when the test fails
    let mut rng = Rng::with_seed(seed);
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "kill");
    let Bank { client, program } = Bank::start(&folder);
    for account in 0..ACCOUNTS {
        client.open_with(&format!("account-{account}"), FUNDS);
    }
    program.kill();
    let mut all = Vec::new();
    for round in 0..kill_rounds() {
        let mut sent = live_and_be_killed(&folder, round, &mut rng);
        all.append(&mut sent.clone());
        check(&folder, &all);
        // Those without an answer are sent again, and so they are done once, then or now.
        let Bank { client, program } = Bank::start(&folder);
        sent.retain(|(_, answer)| answer.is_none());
        for (request, _) in &sent {
            let answer = send(&client, request);
            let again = client.post_with_key(&request.path, &request.body, &request.key);
            assert_eq!(answer, Some((again.status, again.body)), "{request:?}");
            assert!(again.is_replay, "{request:?}");
            let unanswered = all.iter_mut().find(|(sent, _)| sent.key == request.key);
            unanswered.expect("it was sent").1 = answer;
        }
        program.kill();
        assert_eq!(check(&folder, &all), all.len());
    }
}
