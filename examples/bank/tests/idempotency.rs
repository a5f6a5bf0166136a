//! One key, one answer: again, at once, after a restart, and for another request.

mod support;

use std::collections::BTreeSet;

use harness::folder;
use serde_json::json;
use support::{Bank, books, number};

#[test]
fn a_request_that_is_sent_again_gets_its_answer_again() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "again");
    let Bank { client, program } = Bank::start(&folder);
    let account = json!({ "account": "alice" });
    let opened = client.post_with_key("/accounts", &account, "open-1");
    assert_eq!((opened.status, opened.is_replay), (201, false));
    let deposit = client.post_with_key("/accounts/alice/deposit", &json!({"amount": 100}), "d-1");
    assert_eq!((deposit.status, deposit.is_replay), (200, false));
    // A refusal is an answer, too: the one who sent it must not be surprised later.
    let withdrawal = json!({ "amount": 150 });
    let refused = client.post_with_key("/accounts/alice/withdraw", &withdrawal, "w-1");
    assert_eq!((refused.error(), refused.is_replay), ((422, "insufficient_funds"), false));
    assert_eq!(client.deposit("alice", 100).body["balance"], 200);

    let check = |client: &support::Client| {
        let again = client.post_with_key("/accounts", &account, "open-1");
        assert_eq!((again.status, &again.body, again.is_replay), (201, &opened.body, true));
        let body = json!({ "amount": 100 });
        let again = client.post_with_key("/accounts/alice/deposit", &body, "d-1");
        assert_eq!((again.status, &again.body, again.is_replay), (200, &deposit.body, true));
        let again = client.post_with_key("/accounts/alice/withdraw", &withdrawal, "w-1");
        assert_eq!((again.status, &again.body, again.is_replay), (422, &refused.body, true));
        assert_eq!(client.balance("alice"), 200);
    };
    check(&client);
    program.kill();
    check(&Bank::start(&folder).client);
}

#[test]
fn a_key_is_for_one_request() {
    let Bank { client, program: _program } =
        Bank::start(&folder(env!("CARGO_TARGET_TMPDIR"), "reused"));
    client.open_with("alice", 100);
    client.open_with("bob", 100);
    let body = json!({ "amount": 10 });
    assert_eq!(client.post_with_key("/accounts/alice/deposit", &body, "k").status, 200);
    let others = [
        ("/accounts/alice/deposit", json!({ "amount": 11 })),
        ("/accounts/alice/withdraw", body.clone()),
        ("/accounts/bob/deposit", body),
        ("/accounts/alice/transfer", json!({ "amount": 10, "to": "bob" })),
        ("/accounts", json!({ "account": "carol" })),
    ];
    for (path, body) in others {
        let answer = client.post_with_key(path, &body, "k");
        assert_eq!((answer.error(), answer.is_replay), ((422, "key_reused"), false));
    }
    assert_eq!((client.balance("alice"), client.balance("bob")), (110, 100));
    assert_eq!(client.get("/accounts/carol").status, 404);
}

#[test]
fn a_key_has_a_form() {
    let Bank { client, program: _program } =
        Bank::start(&folder(env!("CARGO_TARGET_TMPDIR"), "bad-key"));
    client.open_with("alice", 100);
    let long = "k".repeat(201);
    for key in ["", "a b", "schl\u{fc}ssel", &long] {
        let answer = client.post_with_key("/accounts/alice/deposit", &json!({"amount": 1}), key);
        assert_eq!(answer.error(), (400, "bad_key"), "{key:?}");
    }
    let longest = "k".repeat(200);
    let answer = client.post_with_key("/accounts/alice/deposit", &json!({"amount": 1}), &longest);
    assert_eq!((answer.status, client.balance("alice")), (200, 101));
}

#[test]
fn sixteen_at_once_with_one_key_do_it_once() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "at-once");
    let Bank { client, program } = Bank::start(&folder);
    client.open_with("alice", 1000);
    client.open_with("bob", 1);
    for round in 1..=20 {
        let key = format!("round-{round}");
        let body = json!({ "amount": 10, "to": "bob" });
        let start = std::sync::Barrier::new(16);
        let answers: Vec<_> = std::thread::scope(|scope| {
            let ask = || {
                start.wait();
                client.post_with_key("/accounts/alice/transfer", &body, &key)
            };
            let asking: Vec<_> = (0..16).map(|_| scope.spawn(ask)).collect();
            asking.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let bodies: BTreeSet<String> = answers.iter().map(|it| it.body.to_string()).collect();
        assert_eq!(bodies.len(), 1, "{answers:?}");
        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
        assert_eq!(answers.iter().filter(|answer| !answer.is_replay).count(), 1, "{answers:?}");
        assert_eq!(client.balance("alice"), 1000 - 10 * round);
    }
    program.kill();
    assert_eq!(number(&books(&folder), "SELECT count(*) FROM orders"), 20);
    assert_eq!(number(&books(&folder), "SELECT count(*) FROM entries"), 22);
}
