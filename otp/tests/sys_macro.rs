//! `otp::sys` on servers that `#[gen_server]` has made.

#![allow(missing_docs, unreachable_pub)]

use otp::prelude::*;
use otp::sys;

pub struct Account {
    owner: String,
    password: String,
}

// What must not be seen is left out by hand.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("owner", &self.owner).finish_non_exhaustive()
    }
}

#[gen_server(name, debug)]
impl Account {
    #[init]
    pub fn init(owner: String) -> Self {
        Account { owner, password: "secret".to_owned() }
    }

    #[handle_call]
    pub fn accepts(&self, password: String) -> bool {
        self.password == password
    }
}

#[derive(Clone, Debug)]
pub struct Stack<T> {
    items: Vec<T>,
}

#[gen_server]
impl<T: Clone + Send + 'static> Stack<T> {
    #[init]
    pub fn init() -> Self {
        Stack { items: Vec::new() }
    }

    #[handle_cast]
    pub fn push(&mut self, item: T) {
        self.items.push(item);
    }
}

/// A client is as good as a handle, and `debug` shows what `Debug` does.
#[otp::test]
async fn a_state_is_shown_as_debug_prints_it() {
    let account = otp::test::start_supervised(Account::child_spec("ann".to_owned())).await;
    let status = sys::get_status(&account).await.unwrap();
    assert_eq!(status.state.as_deref(), Some("Account { owner: \"ann\", .. }"));
    assert_eq!(sys::with_state(&Account::client(), |state| state.owner.len()).await, Ok(3));
    sys::suspend(&account).await.unwrap();
    let late = account.accepts("secret".to_owned()).timeout(std::time::Duration::from_millis(1));
    assert_eq!(late.await, Err(CallError::Timeout));
    sys::resume(&account).await.unwrap();
    assert_eq!(account.accepts("secret".to_owned()).await, Ok(true));
}

/// Without `debug` nothing is shown, although it could be.
#[otp::test]
async fn a_state_is_not_shown_unless_the_server_says_so() {
    let stack = otp::test::start_supervised(Stack::<u8>::child_spec()).await;
    stack.push(1);
    assert_eq!(sys::get_status(&stack).await.unwrap().state, None);
    assert_eq!(sys::get_state(&stack).await.unwrap().items, [1]);
    let new = sys::replace_state(&stack, |state| state.items.push(2)).await.unwrap();
    assert_eq!(new.items, [1, 2]);
}
