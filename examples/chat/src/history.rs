//! The server that keeps messages, and gives them out when they are kept.

use std::path::PathBuf;

use otp::prelude::*;

use crate::event::{Event, Page};
use crate::frame::Frame;
use crate::rooms::{self, Member};
use crate::store::{Draft, Kept, Query, Store, StoreError};

/// Keeps messages on disk and delivers them in the order of their numbers.
///
/// While the disk syncs some messages, the next ones collect; then all of those share one sync. A
/// message is delivered and acknowledged after the sync that covers it, never before.
///
/// When the disk fails, nobody knows what it has. So the server ends, everybody who waits hears
/// why, and its supervisor starts one that opens the file anew.
#[derive(Debug)]
pub struct History {
    store: Store,
    waiting: Batch,
    /// What is on its way to the disk.
    running: Option<Batch>,
}

/// What is done on disk together. It has at most one entry for each client, as a client waits for
/// its answer before it is read again.
#[derive(Debug, Default)]
struct Batch {
    drafts: Vec<Draft>,
    senders: Vec<ReplyTo<u64>>,
    queries: Vec<Query>,
    readers: Vec<(Member, ReplyTo<()>)>,
}

/// A batch is on disk, or is not.
struct Done(Result<(Vec<Kept>, Vec<Page>), StoreError>);

#[gen_server(name)]
impl History {
    /// Opens the file, which keeps so many messages of each room.
    #[init]
    pub async fn init(path: PathBuf, retention: u64) -> Result<Self, HistoryError> {
        let opened = Store::on_disk({
            let path = path.clone();
            move || Store::open(&path, retention)
        });
        match opened.await {
            Ok(store) => Ok(History { store, waiting: Batch::default(), running: None }),
            Err(error) => Err(HistoryError { path, error }),
        }
    }

    /// Keeps a message and delivers it. Answers with its number, when both are done.
    #[handle_call]
    pub fn keep(&mut self, draft: Draft, #[from] sender: ReplyTo<u64>, cx: &mut Context<Self>) {
        self.waiting.drafts.push(draft);
        self.waiting.senders.push(sender);
        self.proceed(cx);
    }

    /// Shows somebody a page of a room, and lets them have the messages after it.
    #[handle_call]
    pub fn show(
        &mut self,
        query: Query,
        member: Member,
        #[from] reader: ReplyTo<()>,
        cx: &mut Context<Self>,
    ) {
        self.waiting.queries.push(query);
        self.waiting.readers.push((member, reader));
        self.proceed(cx);
    }

    /// Goes to the disk with all that waits, unless something is on its way.
    fn proceed(&mut self, cx: &mut Context<Self>) {
        let idle = self.waiting.senders.is_empty() && self.waiting.readers.is_empty();
        if idle || self.running.is_some() {
            return;
        }
        let mut batch = std::mem::take(&mut self.waiting);
        let (drafts, queries) =
            (std::mem::take(&mut batch.drafts), std::mem::take(&mut batch.queries));
        self.running = Some(batch);
        let store = self.store.clone();
        let work = Store::on_disk(move || {
            let kept = if drafts.is_empty() { Vec::new() } else { store.keep(&drafts)? };
            let pages = queries.iter().map(|query| store.read(query)).collect::<Result<_, _>>()?;
            Ok((kept, pages))
        });
        cx.pipe(work, Done);
    }

    /// Delivers what is on disk, while the disk is busy with the next batch.
    #[handle_info]
    async fn done(&mut self, done: Done, cx: &mut Context<Self>) -> Result<(), HistoryFault> {
        let (kept, pages) = done.0?;
        let batch = self.running.take().unwrap_or_default();
        self.proceed(cx);
        for (kept, sender) in kept.into_iter().zip(batch.senders) {
            let number = match kept {
                Kept::Known(number) => number,
                Kept::New(message) => {
                    let number = message.number;
                    rooms::deliver(message)?;
                    number
                }
            };
            sender.reply(number);
            tokio::task::yield_now().await; // a large room is a long way
        }
        for (page, (member, reader)) in pages.into_iter().zip(batch.readers) {
            let next = page.last + 1;
            member.open(&Frame::from(Event::History(page)), next);
            reader.reply(());
        }
        Ok(())
    }
}

/// Why the history does not go on.
#[derive(thiserror::Error)]
pub(crate) enum HistoryFault {
    /// The disk has failed.
    #[error("the history cannot be written: {0}")]
    Store(#[from] StoreError),
    /// There are no rooms.
    #[error("the rooms are gone: {0}")]
    Rooms(#[from] RegistryError),
}

impl std::fmt::Debug for HistoryFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// Why the history does not start.
#[derive(thiserror::Error)]
#[error("the history cannot be kept in {path}: {error}", path = path.display())]
pub struct HistoryError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    #[source]
    pub error: StoreError,
}

// Exit reasons print it so.
impl std::fmt::Debug for HistoryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}
