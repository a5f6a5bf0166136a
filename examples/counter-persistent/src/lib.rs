//! A counter whose value survives crashes, kills and power cuts: each change is on disk before it
//! is answered.

mod command;
mod counter;
mod store;

pub use command::{Command, HELP};
pub use counter::{PersistentCounter, PersistentCounterClient};
pub use store::{Store, StoreError};
