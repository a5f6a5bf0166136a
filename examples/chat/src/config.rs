//! What can be configured.

use std::path::PathBuf;
use std::time::Duration;

use otp::prelude::*;

use crate::outbox::Limit;

/// Everything has a default. Other values stand in the table `[chat]` of `config.toml`, or in the
/// environment.
#[derive(Clone, Debug, Config)]
#[config(app = "chat", deny_unknown)]
pub struct ChatConfig {
    /// Where the page and its WebSockets are served.
    #[config(env = "CHAT_HTTP", default = "127.0.0.1:4002")]
    pub http: String,
    /// Where the line protocol is served.
    #[config(env = "CHAT_TCP", default = "127.0.0.1:4003")]
    pub tcp: String,
    /// The file with the messages.
    #[config(env = "CHAT_DATABASE", default = "chat.redb")]
    pub database: PathBuf,
    /// How many messages of each room are kept.
    #[config(env = "CHAT_RETENTION", default = 10_000)]
    pub retention: u64,
    /// How many clients there may be at a time.
    #[config(env = "CHAT_CONNECTIONS", default = 10_000)]
    pub connections: usize,
    /// How many messages may wait for one client.
    #[config(env = "CHAT_OUTBOX_MESSAGES", default = 1_000)]
    pub outbox_messages: usize,
    /// How many bytes may wait for one client. A page of a history has up to 64 kB of text.
    #[config(env = "CHAT_OUTBOX_BYTES", default = 262_144)]
    pub outbox_bytes: usize,
    /// How long a client may take nothing of what waits for it, before it is disconnected.
    #[config(env = "CHAT_PATIENCE", default = 30s)]
    pub patience: Duration,
    /// How often a WebSocket is asked whether it is still there. One that says nothing for three
    /// times as long is disconnected.
    #[config(env = "CHAT_PING", default = 20s)]
    pub ping: Duration,
    /// How many commands of one client are done in a second, in the long run.
    #[config(env = "CHAT_RATE", default = 20)]
    pub rate: u32,
    /// How many commands of one client are done at once, after a while.
    #[config(env = "CHAT_BURST", default = 100)]
    pub burst: u32,
}

impl ChatConfig {
    /// The limit of an outbox.
    pub fn outbox(&self) -> Limit {
        Limit { messages: self.outbox_messages, bytes: self.outbox_bytes }
    }
}
