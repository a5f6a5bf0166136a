//! The server.

use std::path::PathBuf;

use otp::prelude::*;

use crate::store::{Store, StoreError};

/// A counter that saves each change before it answers.
///
/// What it has in memory never differs from what is on disk: when saving fails, nobody knows which
/// value the file has, so the counter ends, and its supervisor starts one that reads it anew.
#[derive(Debug)]
pub struct PersistentCounter {
    store: Store,
    value: i64,
}

/// What is left to do after the start.
enum Boot {
    Load,
}

#[gen_server(name)]
impl PersistentCounter {
    /// Opens the file. A file that cannot be opened fails the start; reading it may take longer,
    /// and is done when the supervisor has its answer.
    #[init]
    pub async fn init(path: PathBuf) -> Result<Init<Self>, StoreError> {
        let store = Store::on_disk(move || Store::open(&path)).await?;
        Ok(Init::ok(PersistentCounter { store, value: 0 }).continue_with(Boot::Load))
    }

    #[handle_continue]
    async fn boot(&mut self, step: Boot) -> Result<(), StoreError> {
        match step {
            Boot::Load => {
                let store = self.store.clone();
                self.value = Store::on_disk(move || store.load()).await?;
            }
        }
        Ok(())
    }

    /// The value.
    #[handle_call]
    pub fn get(&self) -> i64 {
        self.value
    }

    /// Adds one and returns the new value, which is on disk by then.
    #[handle_call]
    pub async fn increment(&mut self) -> i64 {
        self.save(self.value.saturating_add(1)).await
    }

    /// Adds `n` and returns the new value, which is on disk by then.
    #[handle_call]
    pub async fn add(&mut self, n: i64) -> i64 {
        self.save(self.value.saturating_add(n)).await
    }

    /// Begins again at 0.
    #[handle_call]
    pub async fn reset(&mut self) -> i64 {
        self.save(0).await
    }

    async fn save(&mut self, value: i64) -> i64 {
        let store = self.store.clone();
        match Store::on_disk(move || store.save(value)).await {
            Ok(()) => self.value = value,
            Err(error) => process::exit(ExitReason::error(error.to_string())),
        }
        value
    }
}
