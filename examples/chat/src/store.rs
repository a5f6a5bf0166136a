//! The messages on disk.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use redb::{Database, ReadableDatabase, ReadableTable, StorageBackend, Table, TableDefinition};

use crate::event::{Message, Page};
use crate::name::Name;

/// Room and number; time, nick, whether it is an action, text, and the sender's id or nothing.
type Row<'a> = (u64, &'a str, bool, &'a str, &'a str);
const MESSAGES: TableDefinition<'_, (&str, u64), Row<'_>> = TableDefinition::new("messages");

/// Room, nick and the sender's id; the number.
const IDS: TableDefinition<'_, (&str, &str, &str), u64> = TableDefinition::new("ids");

/// The most messages of a page.
const PAGE_MESSAGES: usize = 100;

/// The most text of a page, in bytes. One page must fit into an outbox with other things.
const PAGE_BYTES: usize = 64 << 10;

/// How much of the file is held in memory, in bytes. Mostly the newest messages are wanted.
const CACHE: usize = 16 << 20;

/// A message that is to be kept.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Where.
    pub room: Name,
    /// Who.
    pub nick: Name,
    /// Whether it is what somebody does.
    pub action: bool,
    /// What.
    pub text: Arc<str>,
    /// What its sender calls it; the same one twice is one message.
    pub id: Option<Arc<str>>,
}

/// What became of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is a message now.
    New(Message),
    /// It was sent before and has this number.
    Known(u64),
}

/// Which messages are wanted.
#[derive(Clone, Debug)]
pub struct Query {
    /// Of which room.
    pub room: Name,
    /// Those after this number, or the last ones.
    pub after: Option<u64>,
    /// How many at most.
    pub limit: usize,
}

/// A database of messages. Its functions block; [`Store::on_disk`] runs them aside.
#[derive(Clone, Debug)]
pub struct Store {
    database: Arc<Database>,
    /// How many messages of a room are kept.
    retention: u64,
}

/// Why the history could not be used. It prints as a sentence in both forms, since exit reasons are
/// reported by their `Debug`.
pub struct StoreError(redb::Error);

impl Store {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    ///
    /// Somebody else has it open, it is no database, or it cannot be read or written.
    pub fn open(path: &Path, retention: u64) -> Result<Store, StoreError> {
        Store::with(Database::builder().set_cache_size(CACHE).create(path), retention)
    }

    /// A store on something else than a file.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub fn on(backend: impl StorageBackend, retention: u64) -> Result<Store, StoreError> {
        Store::with(Database::builder().create_with_backend(backend), retention)
    }

    fn with(
        opened: Result<Database, redb::DatabaseError>,
        retention: u64,
    ) -> Result<Store, StoreError> {
        let make = || -> Result<Database, redb::Error> {
            let database = opened?;
            let transaction = database.begin_write()?;
            transaction.open_table(MESSAGES)?;
            transaction.open_table(IDS)?;
            transaction.commit()?;
            Ok(database)
        };
        let database = Arc::new(make().map_err(StoreError)?);
        Ok(Store { database, retention: retention.max(1) })
    }

    /// Keeps messages. When this returns all are on disk, whatever happens next; one sync is for
    /// all of them.
    ///
    /// # Errors
    ///
    /// The file cannot be written. What is in it is known when it is opened again.
    pub fn keep(&self, drafts: &[Draft]) -> Result<Vec<Kept>, StoreError> {
        let write = || -> Result<Vec<Kept>, redb::Error> {
            let transaction = self.database.begin_write()?;
            let kept = {
                let mut tables = Tables {
                    messages: transaction.open_table(MESSAGES)?,
                    ids: transaction.open_table(IDS)?,
                    retention: self.retention,
                };
                drafts.iter().map(|draft| tables.keep(draft)).collect::<Result<_, _>>()?
            };
            transaction.commit()?;
            Ok(kept)
        };
        write().map_err(StoreError)
    }

    /// Reads messages: as many as a page has room for.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn read(&self, query: &Query) -> Result<Page, StoreError> {
        let read = || -> Result<Page, redb::Error> {
            let messages = self.database.begin_read()?.open_table(MESSAGES)?;
            page(&messages, query)
        };
        read().map_err(StoreError)
    }

    /// Runs a function that uses the disk on a thread that may block.
    ///
    /// # Errors
    ///
    /// Those of the function.
    ///
    /// # Panics
    ///
    /// When the function does.
    pub async fn on_disk<T: Send + 'static>(
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

/// The tables, while they are written.
struct Tables<'a> {
    messages: Table<'a, (&'static str, u64), Row<'static>>,
    ids: Table<'a, (&'static str, &'static str, &'static str), u64>,
    retention: u64,
}

impl Tables<'_> {
    fn keep(&mut self, draft: &Draft) -> Result<Kept, redb::Error> {
        let Draft { room, nick, action, text, id } = draft;
        if let Some(id) = id {
            let known = self.ids.get((room.as_str(), nick.as_str(), &**id))?;
            if let Some(number) = known {
                return Ok(Kept::Known(number.value()));
            }
        }
        let number = newest(&self.messages, room)?.map_or(1, |newest| newest + 1);
        let time = now();
        let row = (time, nick.as_str(), *action, &**text, id.as_deref().unwrap_or(""));
        self.messages.insert((room.as_str(), number), row)?;
        if let Some(id) = id {
            self.ids.insert((room.as_str(), nick.as_str(), &**id), number)?;
        }
        self.forget(room, number.saturating_sub(self.retention))?;
        let (room, nick) = (room.clone(), nick.clone());
        let (text, id) = (Arc::clone(text), id.clone());
        Ok(Kept::New(Message { room, number, time, nick, action: *action, text, id }))
    }

    /// Removes the messages of a room up to a number, with their ids.
    fn forget(&mut self, room: &Name, last: u64) -> Result<(), redb::Error> {
        let room = room.as_str();
        for old in self.messages.extract_from_if((room, 0)..=(room, last), |_, _| true)? {
            let (_, row) = old?;
            let (_, nick, _, _, id) = row.value();
            if !id.is_empty() {
                self.ids.remove((room, nick, id))?;
            }
        }
        Ok(())
    }
}

/// The number of a room's newest message.
fn newest(
    messages: &impl ReadableTable<(&'static str, u64), Row<'static>>,
    room: &Name,
) -> Result<Option<u64>, redb::Error> {
    let newest = messages.range(whole(room))?.next_back().transpose()?;
    Ok(newest.map(|(key, _)| key.value().1))
}

fn whole(room: &Name) -> std::ops::RangeInclusive<(&str, u64)> {
    (room.as_str(), 0)..=(room.as_str(), u64::MAX)
}

/// Reads from the known end: onwards from a number, or backwards from the newest.
fn page(
    messages: &impl ReadableTable<(&'static str, u64), Row<'static>>,
    query: &Query,
) -> Result<Page, redb::Error> {
    let Query { room, after, limit } = query;
    let last = newest(messages, room)?.unwrap_or(0);
    let first =
        messages.range(whole(room))?.next().transpose()?.map_or(1, |(key, _)| key.value().1);
    let wanted = match after {
        Some(after) => (room.as_str(), after.saturating_add(1))..=(room.as_str(), u64::MAX),
        None => whole(room),
    };
    let mut range = messages.range(wanted)?;
    let (mut found, mut bytes) = (Vec::new(), 0);
    while found.len() < (*limit).min(PAGE_MESSAGES) {
        let next = if after.is_some() { range.next() } else { range.next_back() };
        let Some((key, row)) = next.transpose()? else { break };
        let message = message(room, key.value().1, row.value());
        bytes += message.text.len();
        if bytes > PAGE_BYTES && !found.is_empty() {
            break;
        }
        found.push(message);
    }
    if after.is_none() {
        found.reverse();
    }
    Ok(Page { room: room.clone(), first, messages: found, last })
}

fn message(room: &Name, number: u64, row: Row<'_>) -> Message {
    let (time, nick, action, text, id) = row;
    let nick = nick.parse().expect("only names are written");
    let id = (!id.is_empty()).then(|| id.into());
    Message { room: room.clone(), number, time, nick, action, text: text.into(), id }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            redb::Error::DatabaseAlreadyOpen => f.write_str("another process has it open"),
            error => error.fmt(f),
        }
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
