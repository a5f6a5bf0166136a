//! The option `mailbox(capacity = 100, full = drop_oldest, calls = wait)`.

use proc_macro2::TokenStream;
use quote::quote;

use super::model::{Full, FullCall, Mailbox};
use crate::diag::Diags;
use crate::literal::{choice, compact};
use crate::options::{Given, Key, Options, Table, Value, read as read_options};

const TABLE: Table = Table {
    owner: "`mailbox(..)`",
    separator: '=',
    unknown: "OTP0301",
    twice: "OTP0302",
    keys: &[
        Key { name: "capacity", value: Value::Required, help: CAPACITY_HELP },
        Key { name: "full", value: Value::Required, help: FULL_HELP },
        Key { name: "calls", value: Value::Required, help: CALLS_HELP },
    ],
};
const CAPACITY_HELP: &str = "`capacity = 100`: how many requests may wait";
const FULL_HELP: &str =
    "`drop_newest` drops the cast that finds it full, `drop_oldest` the one that waits longest";
const CALLS_HELP: &str = "`overload` fails a call that finds it full, `wait` has it wait";

/// Reads what stands between the parentheses.
pub(super) fn read(given: &Given, diags: &mut Diags) -> Option<Mailbox> {
    let before = diags.count();
    let options = read_options(given.value.clone()?, &TABLE, diags);
    let may_be_misspelt = diags.count() > before;
    let limit = match options.value("capacity") {
        Some(value) => capacity(value, diags),
        None => {
            if !may_be_misspelt {
                let message = "a mailbox with a limit needs its `capacity`";
                diags.error(&given.key, "OTP0303", message).help("write `mailbox(capacity = 100)`");
            }
            None
        }
    };
    let full = policy(&options, "full", ["drop_newest", "drop_oldest"], FULL_HELP, diags);
    let calls = policy(&options, "calls", ["overload", "wait"], CALLS_HELP, diags);
    Some(Mailbox {
        capacity: limit?,
        full: full.map(|found| [Full::DropNewest, Full::DropOldest][found]),
        calls: calls.map(|found| [FullCall::Overload, FullCall::Wait][found]),
    })
}

/// A whole number from 1 that fits the runtime's counter.
fn capacity(value: &TokenStream, diags: &mut Diags) -> Option<u32> {
    let number = syn::parse2::<syn::LitInt>(value.clone()).ok();
    let number = number.filter(|number| number.suffix().is_empty());
    let number = number.and_then(|number| number.base10_parse::<u32>().ok());
    let number = number.filter(|number| *number > 0);
    if number.is_none() {
        let message = format!("`capacity` is a whole number from 1, found `{}`", compact(value));
        diags.error(value, "OTP0314", message).help(CAPACITY_HELP);
    }
    number
}

/// The position of the policy among the two that there are.
fn policy(
    options: &Options,
    key: &str,
    words: [&str; 2],
    help: &str,
    diags: &mut Diags,
) -> Option<usize> {
    choice(options.value(key)?, (key, '='), &words, ("OTP0315", help), diags)
}

impl Mailbox {
    /// The value as an expression; `otp` is the path of the library.
    pub(crate) fn tokens(self, otp: &TokenStream) -> TokenStream {
        let capacity = proc_macro2::Literal::u32_unsuffixed(self.capacity);
        let full = self.full.map(|full| match full {
            Full::DropNewest => quote!(.full(#otp::Full::DropNewest)),
            Full::DropOldest => quote!(.full(#otp::Full::DropOldest)),
        });
        let calls = self.calls.map(|calls| match calls {
            FullCall::Overload => quote!(.calls(#otp::FullCall::Refuse)),
            FullCall::Wait => quote!(.calls(#otp::FullCall::Wait)),
        });
        quote!(#otp::Mailbox::bounded(#capacity) #full #calls)
    }
}
