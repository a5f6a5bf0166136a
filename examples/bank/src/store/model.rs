//! The books against a model of them, with thousands of random orders.

use std::collections::HashMap;

use fastrand::Rng;

use super::open::audit;
use super::{Balance, Page, Store, StoreOptions, balance, commit, history};
use crate::key::Key;
use crate::name::AccountName;
use crate::order::{Answer, Operation, Order, Receipt, Refusal, Settled};

/// The bank in a few lines.
#[derive(Default)]
struct Model {
    /// The balances after each posting.
    accounts: HashMap<AccountName, Vec<i64>>,
    outside: i64,
    orders: HashMap<String, (Operation, Answer)>,
    entries: i64,
}

impl Model {
    fn settle(&mut self, Order { operation, key }: &Order) -> Settled {
        let Some(key) = key else { return Settled::now(self.perform(operation)) };
        if let Some((recorded, answer)) = self.orders.get(key.as_str()) {
            return if recorded == operation {
                Settled { answer: answer.clone(), is_replay: true }
            } else {
                Settled::now(Err(Refusal::KeyReused))
            };
        }
        let answer = self.perform(operation);
        self.orders.insert(key.as_str().to_owned(), (operation.clone(), answer.clone()));
        Settled::now(answer)
    }

    fn perform(&mut self, operation: &Operation) -> Answer {
        match operation {
            Operation::Open { account } => {
                if self.accounts.contains_key(account) {
                    return Err(Refusal::AccountExists(account.clone()));
                }
                self.accounts.insert(account.clone(), Vec::new());
                Ok(Receipt { account: account.clone(), balance: 0, entry: None })
            }
            Operation::Deposit { account, amount } => {
                let has = self.balance(account)?;
                let outside = self.outside.checked_sub(*amount);
                let outside = outside.ok_or(Refusal::BalanceTooLarge)?;
                let sum = has.checked_add(*amount).ok_or(Refusal::BalanceTooLarge)?;
                self.outside = outside;
                self.entry(account, sum)
            }
            Operation::Withdraw { account, amount } => {
                let has = self.balance(account)?;
                let rest = rest(account, has, *amount)?;
                self.outside += amount;
                self.entry(account, rest)
            }
            Operation::Transfer { account, to, amount } => {
                let (has, other) = (self.balance(account)?, self.balance(to)?);
                let rest = rest(account, has, *amount)?;
                let sum = other.checked_add(*amount).ok_or(Refusal::BalanceTooLarge)?;
                self.accounts.get_mut(to).expect("it is there").push(sum);
                self.entry(account, rest)
            }
        }
    }

    fn balance(&self, account: &AccountName) -> Result<i64, Refusal> {
        let postings = self.accounts.get(account);
        let postings = postings.ok_or_else(|| Refusal::UnknownAccount(account.clone()))?;
        Ok(postings.last().copied().unwrap_or_default())
    }

    fn entry(&mut self, account: &AccountName, balance: i64) -> Answer {
        self.entries += 1;
        self.accounts.get_mut(account).expect("it is there").push(balance);
        Ok(Receipt { account: account.clone(), balance, entry: Some(self.entries) })
    }
}

fn rest(account: &AccountName, balance: i64, amount: i64) -> Result<i64, Refusal> {
    if amount > balance {
        return Err(Refusal::InsufficientFunds { account: account.clone(), balance, amount });
    }
    Ok(balance - amount)
}

fn order(rng: &mut Rng) -> Order {
    let mut name = || AccountName::try_from(format!("account-{}", rng.u8(..8))).expect("a name");
    let (account, to) = (name(), name());
    // Some are so large that balances do not fit any more.
    let amount = if rng.u8(..20) == 0 { rng.i64(i64::MAX / 2..) } else { rng.i64(1..=100) };
    let operation = match rng.u8(..8) {
        0 => Operation::Open { account },
        1 | 2 => Operation::Deposit { account, amount },
        3 | 4 => Operation::Withdraw { account, amount },
        _ if account == to => Operation::Open { account },
        _ => Operation::Transfer { account, to, amount },
    };
    let key = (rng.u8(..3) == 0).then(|| rng.u16(..400).to_string());
    Order { operation, key: key.map(|key| Key::parse(key.as_bytes()).expect("a key")) }
}

/// Now and then the order is one that was given before.
fn batch(rng: &mut Rng, earlier: &mut Vec<Order>) -> Vec<Order> {
    let orders: Vec<Order> = (0..rng.usize(1..30))
        .map(|_| match earlier.len() {
            known @ 1.. if rng.u8(..10) == 0 => earlier[rng.usize(..known)].clone(),
            _ => order(rng),
        })
        .collect();
    earlier.extend(orders.iter().filter(|order| order.key.is_some()).cloned());
    orders
}

#[test]
fn the_books_and_a_model_give_the_same_answers() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("SEED={seed}"); // shown when the test fails
    let mut rng = Rng::with_seed(seed);
    let options = StoreOptions { path: ":memory:".into(), sync: true };
    let Store(books) = Store::open(&options).expect("new books");
    let mut books = books.lock().expect("nobody panicked");
    let (mut model, mut earlier, mut replays) = (Model::default(), Vec::new(), 0);
    for at in 0..600 {
        let orders = batch(&mut rng, &mut earlier);
        let expected: Vec<Settled> = orders.iter().map(|order| model.settle(order)).collect();
        let committed = commit(&mut books, &orders, at).expect("a commit");
        assert_eq!(committed.settled, expected, "{orders:?}");
        replays += expected.iter().filter(|settled| settled.is_replay).count();
        // What the accounts are told is what they have, if they are told anything.
        for (account, told) in committed.balances {
            assert_eq!(balance(&books, &account).expect("a look"), Some(told));
        }
        let sum = "SELECT coalesce(sum(amount), 0) FROM postings";
        assert_eq!(books.query_row(sum, [], |row| row.get(0)), Ok(0_i64));
    }
    assert!(replays > 100, "{replays}");
    for (account, balances) in &model.accounts {
        let last = balances.last().copied().unwrap_or_default();
        let number = i64::try_from(balances.len()).expect("not that many");
        let found = balance(&books, account).expect("a look");
        assert_eq!(found, Some(Balance { number, amount: last }));
        let page = Page { before: i64::MAX, limit: u32::MAX };
        let mut postings = history(&books, account, page).expect("a look").expect("it is there");
        postings.postings.reverse();
        let found: Vec<i64> = postings.postings.iter().map(|posting| posting.balance).collect();
        assert_eq!(&found, balances);
    }
    audit(&books).expect("the books balance");
}
