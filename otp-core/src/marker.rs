//! Traits that say in plain words what a type must be able to do.
//!
//! All of them hold for every type that meets their bounds and for no other, so there is nothing to
//! implement. The macros ask for them where a bound of the library would be reported far from the
//! line at fault, and in the words of the compiler.
//!
//! ```
//! fn travels<T: otp_core::marker::MessageField>(_: &T) {}
//!
//! travels(&String::from("owned"));
//! ```
//!
//! When not to use it: in your own bounds write `Send + 'static`, which is what they mean.

use std::fmt::Debug;

pub use crate::entry::MainOutput;

/// A value that can be sent to another process.
///
/// Elixir: every term can be sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to another process",
    label = "this argument is part of a message, so it must be `Send + 'static`",
    note = "use `Arc` instead of `Rc`, owned data instead of references",
    note = "OTP0701"
)]
pub trait MessageField: Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> MessageField for T {}

/// A value that can answer a call.
///
/// Elixir: every term can be a reply.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the reply of a call",
    label = "replies cross processes, so they must be `Send + 'static`",
    note = "use `Arc` instead of `Rc`, owned data instead of references",
    note = "OTP0702"
)]
pub trait ReplyValue: Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> ReplyValue for T {}

/// A value that can be the state of a server.
///
/// Elixir: every term can be a state.
#[diagnostic::on_unimplemented(
    message = "the state `{Self}` cannot live in a process",
    label = "a part of it is not `Send + 'static`",
    note = "a process may move between threads: use `Arc` instead of `Rc`, `Mutex` instead of \
            `RefCell`",
    note = "OTP0703"
)]
pub trait ServerState: Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> ServerState for T {}

/// An error that a server can end with.
///
/// Elixir: every term can be an exit reason.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an exit reason",
    label = "an error that ends a server must be `Debug + Send + Sync + 'static`",
    note = "add `#[derive(Debug)]` to `{Self}`, and own what it holds",
    note = "OTP0716"
)]
pub trait ExitError: Debug + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<E: Debug + Send + Sync + 'static> ExitError for E {}
