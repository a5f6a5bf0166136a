//! What can be configured.

use std::path::PathBuf;
use std::time::Duration;

use otp::prelude::*;

/// The table `[bank]` of `config.toml`, and the environment.
#[derive(Clone, Debug, Config)]
#[config(app = "bank", deny_unknown)]
pub struct BankConfig {
    /// Where it listens on 127.0.0.1; with 0 the system chooses.
    #[config(env = "BANK_PORT", default = 4000)]
    pub port: u16,
    /// The file with the books.
    #[config(env = "BANK_DATABASE", default = "bank.db")]
    pub database: PathBuf,
    /// Whether the disk is synced before an answer. Without it answers are lost in a power cut: it
    /// can be switched off to measure what it costs, and for nothing else.
    #[config(env = "BANK_SYNC", default = true)]
    pub sync: bool,
    /// How long requests may take to be answered when the program is to end.
    #[config(env = "BANK_DRAIN", default = 5s)]
    pub drain: Duration,
    /// How long the server of an account stays when nobody asks it.
    #[config(env = "BANK_IDLE", default = 60s)]
    pub idle: Duration,
    /// How many orders one account may have underway.
    #[config(env = "BANK_UNDERWAY", default = 256)]
    pub underway: usize,
}
