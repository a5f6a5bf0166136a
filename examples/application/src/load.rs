//! Clients that make deposits until they are refused.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use otp::prelude::*;
use tokio::task::JoinHandle;

use crate::ledger::Accounts;

/// How many of its calls were answered, and why the last one was not.
type Outcome = (u64, CallError);

static CLIENTS: Mutex<Vec<JoinHandle<Outcome>>> = Mutex::new(Vec::new());

/// Starts as many clients as `SHOP_CLIENTS` says.
pub(crate) fn start() {
    let count = std::env::var("SHOP_CLIENTS").ok().and_then(|count| count.parse().ok());
    let mut clients = CLIENTS.lock().expect("nobody panics with it");
    clients.extend((0..count.unwrap_or(0_u32)).map(|_| tokio::spawn(client())));
}

/// Deposits until a call fails; says when everybody has something to do.
async fn client() -> Outcome {
    let accounts = Accounts::client();
    let mut answered = 0;
    loop {
        match accounts.deposit(1).await {
            Ok(balance) => {
                answered += 1;
                if balance == 20_000 {
                    println!("busy");
                }
            }
            Err(error) => return (answered, error),
        }
    }
}

/// Waits for the clients, whose server is gone, and tells what became of their calls.
pub(crate) async fn finish() {
    let clients = std::mem::take(&mut *CLIENTS.lock().expect("nobody panics with it"));
    let (mut answered, mut refused, mut hanging) = (0, 0, 0);
    let mut reasons = BTreeSet::new();
    for mut client in clients {
        let within = tokio::time::timeout(Duration::from_secs(1), &mut client);
        match within.await {
            Ok(Ok((calls, reason))) => {
                answered += calls;
                refused += 1;
                reasons.insert(format!("{reason:?}"));
            }
            _ => hanging += 1,
        }
    }
    if refused + hanging > 0 {
        println!("answered {answered} refused {refused} hanging {hanging} {reasons:?}");
    }
}
