//! What all connections share.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::ChatConfig;

/// The configuration, and a count of the clients.
#[derive(Clone, Debug)]
pub struct Server(Arc<Shared>);

/// What [`Server`] derefs to.
#[derive(Debug)]
pub struct Shared {
    /// What is configured.
    pub config: ChatConfig,
    /// Where the line protocol is served, once it is.
    pub lines: OnceLock<SocketAddr>,
    slots: Arc<Semaphore>,
}

/// The right to be a client; free again when it is dropped.
#[derive(Debug)]
pub struct Slot(#[allow(dead_code)] OwnedSemaphorePermit);

/// What is said to a client that is one too many.
pub(crate) const FULL: &str = "there are too many connections; try again later";

impl Server {
    /// One without clients.
    pub fn new(config: ChatConfig) -> Server {
        let slots = Arc::new(Semaphore::new(config.connections.min(Semaphore::MAX_PERMITS)));
        Server(Arc::new(Shared { config, lines: OnceLock::new(), slots }))
    }

    /// A place for one more client, if there is one.
    pub fn slot(&self) -> Option<Slot> {
        Arc::clone(&self.slots).try_acquire_owned().ok().map(Slot)
    }
}

impl Deref for Server {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
