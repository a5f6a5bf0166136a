//! The bank as its clients meet it.

mod support;

use harness::folder;
use serde_json::json;
use support::Bank;

fn start(name: &str) -> Bank {
    Bank::start(&folder(env!("CARGO_TARGET_TMPDIR"), name))
}

#[test]
fn money_comes_in_moves_and_goes_out() {
    let Bank { client, program: _program } = start("api");
    let opened = client.open("alice");
    assert_eq!((opened.status, opened.body), (201, json!({ "account": "alice", "balance": 0 })));
    assert_eq!(client.open("bob").status, 201);
    let deposit = client.deposit("alice", 1000);
    let expected = json!({ "account": "alice", "balance": 1000, "entry": 1 });
    assert_eq!((deposit.status, deposit.body), (200, expected));
    let transfer = client.transfer("alice", "bob", 250);
    let expected = json!({ "account": "alice", "balance": 750, "entry": 2 });
    assert_eq!((transfer.status, transfer.body), (200, expected));
    assert_eq!(client.withdraw("bob", 50).body["balance"], 200);
    assert_eq!((client.balance("alice"), client.balance("bob")), (750, 200));
    let history = client.get("/accounts/bob/history");
    let mut postings = history.body["postings"].clone();
    for posting in postings.as_array_mut().unwrap() {
        assert!(posting["at"].as_i64().unwrap() > 1_700_000_000_000, "{posting}");
        posting.as_object_mut().unwrap().remove("at");
    }
    let expected = json!([
        { "number": 2, "entry": 3, "kind": "withdraw", "amount": -50, "balance": 200 },
        { "number": 1, "entry": 2, "kind": "transfer_in", "with": "alice", "amount": 250,
          "balance": 250 },
    ]);
    assert_eq!((postings, &history.body["next"]), (expected, &json!(null)));
}

#[test]
fn the_books_are_there_the_next_time() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "api-again");
    for round in 1..=3 {
        let Bank { client, program } = Bank::start(&folder);
        assert_eq!(client.open("alice").status, if round == 1 { 201 } else { 409 });
        assert_eq!(client.deposit("alice", 7).body["balance"], 7 * round);
        program.signal(harness::Signal::Int);
        let ended = program.wait();
        assert_eq!((ended.code, ended.stderr), (Some(0), Vec::new()));
    }
}

#[test]
fn what_is_against_the_rules_is_refused_and_changes_nothing() {
    let Bank { client, program: _program } = start("api-refused");
    client.open_with("alice", 100);
    client.open_with("rich", i64::MAX - 100);
    let expect = |answer: support::Answer, status, code| {
        assert_eq!(answer.error(), (status, code), "{answer:?}");
    };
    expect(client.open("alice"), 409, "account_exists");
    expect(client.withdraw("alice", 101), 422, "insufficient_funds");
    expect(client.transfer("alice", "rich", 101), 422, "insufficient_funds");
    expect(client.transfer("alice", "nobody", 1), 404, "unknown_account");
    expect(client.transfer("nobody", "alice", 1), 404, "unknown_account");
    expect(client.deposit("nobody", 1), 404, "unknown_account");
    expect(client.get("/accounts/nobody"), 404, "unknown_account");
    expect(client.get("/accounts/nobody/history"), 404, "unknown_account");
    expect(client.transfer("alice", "alice", 1), 422, "same_account");
    expect(client.deposit("rich", 101), 422, "bad_amount");
    // The outside world would have less than it can have.
    expect(client.deposit("alice", 2), 422, "bad_amount");
    for amount in ["0", "-1", "1.5", "100.0", "1e2", "\"1\"", "null", "9223372036854775808"] {
        for (what, to) in [("deposit", ""), ("withdraw", ""), ("transfer", r#","to":"rich""#)] {
            let body = format!(r#"{{"amount":{amount}{to}}}"#);
            let path = format!("/accounts/alice/{what}");
            expect(client.post_raw(&path, &body, "application/json"), 422, "bad_amount");
        }
    }
    assert_eq!((client.balance("alice"), client.balance("rich")), (100, i64::MAX - 100));
    assert_eq!(client.get("/accounts/alice/history").body["postings"][0]["entry"], 1);
}

#[test]
fn what_is_not_understood_is_said_in_one_form() {
    let Bank { client, program: _program } = start("api-form");
    client.open_with("alice", 100);
    let deposit = |body: &str, kind: &str| {
        let answer = client.post_raw("/accounts/alice/deposit", body, kind);
        let (status, code) = answer.error();
        (status, code.to_owned())
    };
    let expected = |status, code: &str| (status, code.to_owned());
    let json = "application/json";
    assert_eq!(deposit("{\"amount\":1}", ""), expected(415, "unsupported_media_type"));
    assert_eq!(deposit("{\"amount\":1}", "text/plain"), expected(415, "unsupported_media_type"));
    assert_eq!(deposit("{\"amount\":1", json), expected(400, "bad_request"));
    assert_eq!(deposit("{\"amount\":1} x", json), expected(400, "bad_request"));
    assert_eq!(deposit("", json), expected(400, "bad_request"));
    assert_eq!(deposit("{}", json), expected(422, "bad_request"));
    assert_eq!(deposit("[1]", json), expected(422, "bad_request"));
    assert_eq!(deposit("{\"amount\":1,\"currency\":\"EUR\"}", json), expected(422, "bad_request"));
    assert_eq!(deposit("{\"amount\":1,\"amount\":2}", json), expected(422, "bad_request"));
    let large = format!("{{\"amount\":1{}}}", " ".repeat(5000));
    assert_eq!(deposit(&large, json), expected(413, "too_large"));
    assert_eq!(client.get("/nowhere").error(), (404, "not_found"));
    assert_eq!(client.get("/accounts").error(), (405, "method_not_allowed"));
    assert_eq!(client.get("/accounts/alice/deposit").error(), (405, "method_not_allowed"));
    assert_eq!(client.get("/accounts/%ff").error(), (400, "bad_name"));
    assert_eq!(client.get("/accounts/a%00b").error(), (422, "bad_name"));
    assert_eq!(client.get(&format!("/accounts/{}", "x".repeat(101))).error(), (422, "bad_name"));
    assert_eq!(client.open("").error(), (422, "bad_name"));
    assert_eq!(client.open("a\nb").error(), (422, "bad_name"));
    for query in ["limit=0", "limit=101"] {
        let answer = client.get(&format!("/accounts/alice/history?{query}"));
        assert_eq!(answer.error(), (422, "bad_page"));
    }
    for query in ["limit=-1", "limit=x", "before=x", "page=2", "limit=1&limit=2"] {
        let answer = client.get(&format!("/accounts/alice/history?{query}"));
        assert_eq!(answer.error(), (400, "bad_request"), "{query}");
    }
    assert_eq!(client.balance("alice"), 100);
}

#[test]
fn a_history_has_pages() {
    let Bank { client, program: _program } = start("api-pages");
    assert_eq!(client.open("alice").status, 201);
    assert_eq!(client.get("/accounts/alice/history").body["postings"], json!([]));
    for amount in 1..=45 {
        assert_eq!(client.deposit("alice", amount).status, 200);
    }
    let (mut amounts, mut sizes, mut next) = (Vec::new(), Vec::new(), json!(null));
    loop {
        let before = next.as_i64().map_or(String::new(), |number| format!("?before={number}"));
        let page = client.get(&format!("/accounts/alice/history{before}")).body;
        let postings = page["postings"].as_array().unwrap();
        sizes.push(postings.len());
        amounts.extend(postings.iter().map(|posting| posting["amount"].as_i64().unwrap()));
        next = page["next"].clone();
        if next.is_null() {
            break;
        }
    }
    assert_eq!(sizes, [20, 20, 5]);
    assert_eq!(amounts, (1..=45).rev().collect::<Vec<_>>());
    let first = client.get("/accounts/alice/history?limit=1&before=2").body;
    assert_eq!((&first["postings"][0]["number"], &first["next"]), (&json!(1), &json!(null)));
    let none = client.get("/accounts/alice/history?before=-5").body;
    assert_eq!((&none["postings"], &none["next"]), (&json!([]), &json!(null)));
}

/// Each account goes to sleep at once, so that most requests meet one that is just about to.
#[test]
fn a_server_that_ends_itself_costs_no_request() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "api-idle");
    let mut command = support::command(&folder);
    command.env("BANK_IDLE", "0s");
    let Bank { client, program: _program } = Bank::run(command);
    client.open_with("alice", 1000);
    client.open_with("bob", 1000);
    std::thread::scope(|scope| {
        for (account, other) in [("alice", "bob"), ("bob", "alice")].repeat(4) {
            let client = client.clone();
            scope.spawn(move || {
                for _ in 0..50 {
                    assert_eq!(client.get(&format!("/accounts/{account}")).status, 200);
                    assert_eq!(client.transfer(account, other, 1).status, 200);
                }
            });
        }
    });
    assert_eq!((client.balance("alice"), client.balance("bob")), (1000, 1000));
}

/// Whoever has an answer finds it in every balance, also of the account at the other side.
#[test]
fn a_balance_is_never_older_than_an_answer() {
    let Bank { client, program: _program } = start("api-fresh");
    for pair in 0..4 {
        client.open_with(&format!("payer-{pair}"), 1000);
        assert_eq!(client.open(&format!("payee-{pair}")).status, 201);
    }
    std::thread::scope(|scope| {
        for pair in 0..4 {
            let client = client.clone();
            scope.spawn(move || {
                let (payer, payee) = (format!("payer-{pair}"), format!("payee-{pair}"));
                for paid in 1..=60 {
                    assert_eq!(client.transfer(&payer, &payee, 1).body["balance"], 1000 - paid);
                    assert_eq!(client.balance(&payee), paid);
                    assert_eq!(client.balance(&payer), 1000 - paid);
                }
            });
        }
    });
}

#[test]
fn one_account_that_is_flooded_leaves_room_for_others() {
    let folder = folder(env!("CARGO_TARGET_TMPDIR"), "api-flood");
    let mut command = support::command(&folder);
    command.env("BANK_UNDERWAY", "1");
    let Bank { client, program: _program } = Bank::run(command);
    client.open_with("busy", 1);
    client.open_with("calm", 1);
    let refused = std::sync::atomic::AtomicBool::new(false);
    let is_refused = || refused.load(std::sync::atomic::Ordering::Relaxed);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                while !is_refused() {
                    let answer = client.deposit("busy", 1);
                    if answer.status != 200 {
                        assert_eq!(answer.error(), (503, "overload"));
                        assert_eq!(answer.retry_after.as_deref(), Some("1"));
                        refused.store(true, std::sync::atomic::Ordering::Relaxed);
                    }
                }
            });
        }
        while !is_refused() {
            assert_eq!(client.deposit("calm", 1).status, 200);
        }
    });
    let (_, figures) = client.text("/metrics");
    let overload = "bank_orders_total{operation=\"deposit\",outcome=\"overload\"}";
    assert!(figures.contains(overload), "{figures}");
}

#[test]
fn there_is_something_to_look_at() {
    let Bank { client, program: _program } = start("api-pages-for-people");
    let name = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    assert_eq!(client.open("<script>alert(1)</script>").status, 201);
    assert_eq!(
        client.post(&format!("/accounts/{name}/deposit"), &json!({"amount": 5})).status,
        200
    );
    assert_eq!(client.balance(name), 5);
    let (status, tree) = client.text("/tree");
    assert_eq!(status, 200);
    for part in ["BankSup", "Money", "Ledger", "AccountSups", "HttpServer", "&lt;script&gt;"] {
        assert!(tree.contains(part), "{part}\n{tree}");
    }
    assert!(!tree.contains("<script"), "{tree}");
    assert!(tree.contains("http-equiv=\"refresh\""), "{tree}");
    let (status, figures) = client.text("/metrics");
    assert_eq!(status, 200);
    for line in [
        "bank_orders_total{operation=\"deposit\",outcome=\"done\"} 1",
        "bank_orders_total{operation=\"open\",outcome=\"done\"} 1",
        "bank_batch_orders_count 2",
        "otp_call_duration_seconds_count{server=\"Account\",outcome=\"ok\"} 3",
    ] {
        assert!(figures.lines().any(|found| found == line), "{line}\n{figures}");
    }
    let (status, home) = client.text("/");
    assert_eq!(status, 200);
    assert!(home.contains(&format!("curl http://{}/accounts/bob", client.address)), "{home}");
    assert_eq!(client.get("/health").body, json!({ "status": "ok" }));
}
