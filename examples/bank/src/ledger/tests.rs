//! The ledger and the servers of accounts without HTTP.

use std::time::Duration;

use otp::prelude::*;
use otp::sys;
use otp::test::start_supervised;

use super::{Ledger, LedgerClient, OrderReply, Submission, Underway};
use crate::account::{Account, AccountOptions, AccountSups, Accounts, Gone};
use crate::name::AccountName;
use crate::order::{Operation, Order, Refusal, Unsettled};
use crate::store::StoreOptions;
use crate::teller::Teller;

const IDLE: Duration = Duration::from_secs(60);

/// Hands every order over, without the rules and the limit of an account.
struct Desk;

#[gen_server(name)]
impl Desk {
    #[init]
    fn init() -> Self {
        Desk
    }

    #[handle_call]
    fn order(&mut self, order: Order, #[from] caller: ReplyTo<OrderReply>) {
        Ledger::submit(Submission { order, caller, underway: Underway::default() });
    }
}

fn name(text: &str) -> AccountName {
    AccountName::try_from(text.to_owned()).expect("a name")
}

fn open(account: &str) -> Order {
    Order { operation: Operation::Open { account: name(account) }, key: None }
}

fn deposit(account: &str, amount: i64) -> Order {
    Order { operation: Operation::Deposit { account: name(account), amount }, key: None }
}

async fn ledger() -> LedgerClient {
    start_supervised(Desk::child_spec()).await;
    let books = StoreOptions { path: ":memory:".into(), sync: true };
    start_supervised(Ledger::child_spec(books).restart(Restart::Temporary)).await
}

async fn account(text: &str) -> (Pid, MonitorRef) {
    start_supervised(Accounts::child_spec()).await;
    let options = AccountOptions { idle: IDLE, underway: 2 };
    let client = start_supervised(Account::child_spec(name(text), options)).await;
    let pid = client.pid().expect("it has just begun");
    (pid, process::monitor(pid))
}

async fn reason(of: MonitorRef) -> ExitReason {
    process::receive_where(move |message: Message| match message.downcast::<Down>() {
        Ok(down) if down.monitor == of => Ok(down.reason),
        Ok(down) => Err(Message::new(down)),
        Err(message) => Err(message),
    })
    .await
}

#[otp::test]
async fn what_comes_together_is_committed_together_and_in_order() {
    ledger().await;
    let mut asked: Vec<_> = [open("a"), deposit("a", 1), open("a"), deposit("b", 1)]
        .into_iter()
        .map(|order| Desk::client().order(order).send())
        .collect();
    let mut answers = Vec::new();
    for request in &mut asked {
        let reply = request.wait(IDLE).await.expect("an answer");
        answers.push(reply.expect("it is settled").answer.map(|receipt| receipt.balance));
    }
    let exists = Err(Refusal::AccountExists(name("a")));
    let unknown = Err(Refusal::UnknownAccount(name("b")));
    assert_eq!(answers, [Ok(0), Ok(1), exists, unknown]);
}

/// The ledger does not run meanwhile, as this test does not wait.
#[otp::test(flavor = current_thread)]
async fn whoever_finds_the_mailbox_full_is_told() {
    ledger().await;
    let submit = || {
        let (caller, answer) = ReplyTo::pair();
        let order = deposit("nobody", 1);
        Ledger::submit(Submission { order, caller, underway: Underway::default() });
        answer
    };
    let answers: Vec<_> = (0..4096).map(|_| submit()).collect();
    assert_eq!(submit().take(), Some(Err(Unsettled::Overload)));
    let refused = Ok(Err(Unsettled::Overload));
    let order = || Desk::client().order(deposit("nobody", 1));
    while order().await == refused {} // until there is room, behind all the others
    for answer in answers {
        assert!(matches!(answer.take(), Some(Ok(_))), "each was settled");
    }
}

#[otp::test(flavor = current_thread)]
async fn what_was_accepted_before_the_stop_is_settled() {
    let ledger = ledger().await;
    let answers = ["a", "b"].map(|account| {
        let (caller, answer) = ReplyTo::pair();
        let (order, underway) = (open(account), Underway::default());
        Ledger::submit(Submission { order, caller, underway });
        answer
    });
    ledger.stop().await.expect("it runs");
    for answer in answers {
        assert!(matches!(answer.take(), Some(Ok(_))), "it was settled");
    }
}

#[otp::test]
async fn without_a_ledger_nothing_is_begun() {
    start_supervised(Desk::child_spec()).await;
    let reply = Desk::client().order(open("a")).await;
    assert_eq!(reply, Ok(Err(Unsettled::Unavailable)));
}

#[otp::test]
async fn a_commit_that_fails_is_an_unknown_outcome_and_ends_the_ledger() {
    let ledger = ledger().await;
    let monitor = process::monitor(ledger.pid().expect("it runs"));
    let store = sys::with_state(&ledger, |ledger| ledger.store.clone()).await.expect("it runs");
    let broken = store.run(|books| Ok(books.pragma_update(None, "query_only", true)?)).await;
    broken.expect("a pragma");
    let reply = Desk::client().order(open("a")).await;
    assert_eq!(reply, Ok(Err(Unsettled::OutcomeUnknown)));
    let reason = reason(monitor).await.to_string();
    assert!(reason.contains("the books cannot be read or written: attempt to write"), "{reason}");
}

#[otp::test(start_paused)]
async fn an_account_that_nobody_asks_ends() {
    ledger().await;
    Desk::client().order(open("a")).or_exit().await.expect("it is settled");
    let begun = otp::Instant::now();
    let (_, monitor) = account("a").await;
    assert_eq!(Account::client(&name("a")).balance().or_exit().await, Ok(0));
    assert_eq!(reason(monitor).await, ExitReason::shutdown_with(Gone::Idle));
    assert_eq!(begun.elapsed(), IDLE);
}

#[otp::test(start_paused)]
async fn a_name_without_an_account_needs_no_server() {
    ledger().await;
    let begun = otp::Instant::now();
    let (_, monitor) = account("nobody").await;
    let unknown = Err(Refusal::UnknownAccount(name("nobody")));
    assert_eq!(Account::client(&name("nobody")).balance().or_exit().await, unknown);
    assert_eq!(reason(monitor).await, ExitReason::shutdown_with(Gone::Idle));
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

/// Otherwise its end would be the answer to an order that the ledger still has.
#[otp::test(start_paused)]
async fn an_account_stays_while_an_order_is_underway() {
    let ledger = ledger().await;
    Desk::client().order(open("a")).or_exit().await.expect("it is settled");
    let (pid, _) = account("a").await;
    let client = Account::client(&name("a"));
    assert_eq!(client.balance().or_exit().await, Ok(0));
    sys::suspend(&ledger).await.expect("it runs");
    let mut asked = [1, 2].map(|amount| client.order(deposit("a", amount)).infinity().send());
    // Two may be underway, and not three.
    let third = client.order(deposit("a", 3)).or_exit().await;
    assert_eq!(third, Err(Unsettled::Overload));
    process::sleep(10 * IDLE).await;
    assert!(process::is_alive(pid));
    sys::resume(&ledger).await.expect("it runs");
    for (request, balance) in asked.iter_mut().zip([1, 3]) {
        let reply = request.wait(IDLE).await.expect("an answer").expect("it is settled");
        assert_eq!(reply.answer.map(|receipt| receipt.balance), Ok(balance));
    }
    assert_eq!(client.balance().or_exit().await, Ok(3));
}

/// The teller asks again: the order lay in the mailbox, and nobody had begun with it.
#[otp::test]
async fn an_order_that_meets_the_end_of_an_account_goes_to_the_next() {
    ledger().await;
    start_supervised(Accounts::child_spec()).await;
    start_supervised(AccountSups::child_spec()).await;
    let teller = Teller::new(AccountOptions { idle: IDLE, underway: 2 });
    teller.order(open("a")).await.expect("it is settled");
    let first = Account::client(&name("a"));
    let pid = first.pid().expect("it has just answered");
    sys::suspend(&first).await.expect("it runs");
    let asked = tokio::spawn(teller.order(deposit("a", 5)));
    let waits = || process::info(pid).is_some_and(|info| info.message_queue_len > 0);
    while !waits() {
        tokio::task::yield_now().await;
    }
    let end = ExitReason::shutdown_with(Gone::Idle);
    sys::terminate(&first, end).await.expect("it runs");
    let settled = asked.await.expect("no panic").expect("it is settled");
    assert_eq!(settled.answer.map(|receipt| receipt.balance), Ok(5));
}
