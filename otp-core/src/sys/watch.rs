//! Watching a server: statistics, log, trace, and installed functions.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use crate::name::short_type_name;
use crate::process::block::Process;
use crate::seam::{self, Instant};
use crate::unique::unique;
use crate::{panic, report};

/// Something that a watched server did.
///
/// For each message they come in this order: `In`, `Out` when the handler has answered its caller,
/// `State`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// It took this message out of its mailbox. A message may hold what must not be seen, so there
    /// is only its type: `Client` requests have the server's own request type.
    In {
        /// The message's type, with its path.
        message: &'static str,
    },
    /// The answer of a call went out as its handler returned. An answer given by hand with
    /// [`ReplyTo::reply`](crate::ReplyTo::reply) is not seen.
    Out,
    /// A callback is done. The state is there when the server shows it, as in
    /// [`GenServer::format_status`](crate::GenServer::format_status).
    State(Option<String>),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::In { message } => write!(f, "in {}", short_type_name(message)),
            Event::Out => f.write_str("out"),
            Event::State(Some(state)) => write!(f, "new state {state}"),
            Event::State(None) => f.write_str("new state"),
        }
    }
}

/// What was counted since [`statistics`](crate::sys::statistics) was switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// How long ago that was.
    pub elapsed: Duration,
    /// The messages that were handled: calls, casts and all others.
    pub messages_in: u64,
    /// The calls that were answered.
    pub messages_out: u64,
}

/// The id of an installed function.
///
/// ```
/// use otp_core::sys::DebugId;
///
/// assert_eq!(DebugId::from("count"), DebugId::from("count".to_owned()));
/// assert_ne!(DebugId::unique(), DebugId::unique());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DebugId(Id);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Id {
    Text(Cow<'static, str>),
    Number(u64),
}

impl DebugId {
    /// An id that no other call returns, for a function that needs no name.
    pub fn unique() -> DebugId {
        DebugId(Id::Number(unique()))
    }
}

impl From<&'static str> for DebugId {
    fn from(text: &'static str) -> DebugId {
        DebugId(Id::Text(Cow::Borrowed(text)))
    }
}

impl From<String> for DebugId {
    fn from(text: String) -> DebugId {
        DebugId(Id::Text(Cow::Owned(text)))
    }
}

impl fmt::Display for DebugId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Id::Text(text) => f.write_str(text),
            Id::Number(number) => write!(f, "#{number}"),
        }
    }
}

/// One way in which a server is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DebugOption {
    /// Its events are reported.
    Trace,
    /// Its last events are kept, at most this many.
    Log(usize),
    /// Its messages are counted.
    Statistics,
    /// This function sees its events.
    Function(DebugId),
}

/// A function that sees events.
type Function = Box<dyn FnMut(&Event) + Send>;

/// Who watches a server.
#[derive(Default)]
pub(crate) struct Watch {
    trace: bool,
    counts: Option<Counts>,
    limit: usize,
    /// The last events, at most `limit`.
    log: VecDeque<Event>,
    functions: Vec<(DebugId, Function)>,
}

struct Counts {
    since: Instant,
    messages_in: u64,
    messages_out: u64,
}

impl Watch {
    /// Whether anybody watches.
    pub(crate) fn is_on(&self) -> bool {
        self.counts.is_some() || self.wants_state()
    }

    /// Whether anybody looks at the events themselves.
    pub(crate) fn wants_state(&self) -> bool {
        self.trace || self.limit > 0 || !self.functions.is_empty()
    }

    pub(super) fn options(&self) -> Vec<DebugOption> {
        let mut options = Vec::new();
        if self.trace {
            options.push(DebugOption::Trace);
        }
        if self.limit > 0 {
            options.push(DebugOption::Log(self.limit));
        }
        if self.counts.is_some() {
            options.push(DebugOption::Statistics);
        }
        options.extend(self.functions.iter().map(|(id, _)| DebugOption::Function(id.clone())));
        options
    }

    pub(super) fn trace(&mut self, on: bool) {
        self.trace = on;
    }

    pub(super) fn count(&mut self, on: bool) {
        self.counts = on.then(|| Counts { since: seam::now(), messages_in: 0, messages_out: 0 });
    }

    pub(super) fn statistics(&self) -> Option<Statistics> {
        self.counts.as_ref().map(|counts| Statistics {
            elapsed: seam::now().duration_since(counts.since),
            messages_in: counts.messages_in,
            messages_out: counts.messages_out,
        })
    }

    pub(super) fn keep(&mut self, limit: usize) {
        self.limit = limit;
        let surplus = self.log.len().saturating_sub(limit);
        self.log.drain(..surplus);
    }

    pub(super) fn kept(&self) -> Vec<Event> {
        self.log.iter().cloned().collect()
    }

    pub(super) fn install(&mut self, id: DebugId, function: Function) {
        if !self.functions.iter().any(|(other, _)| *other == id) {
            self.functions.push((id, function));
        }
    }

    pub(super) fn remove(&mut self, id: &DebugId) -> bool {
        let before = self.functions.len();
        self.functions.retain(|(other, _)| other != id);
        self.functions.len() < before
    }

    /// Shows an event to all who watch.
    pub(crate) fn tell(&mut self, process: &dyn Process, event: Event) {
        if let Some(counts) = &mut self.counts {
            match event {
                Event::In { .. } => counts.messages_in += 1,
                Event::Out => counts.messages_out += 1,
                Event::State(_) => {}
            }
        }
        if self.trace {
            report::trace(process, &event);
        }
        self.functions.retain_mut(|(id, function)| match panic::catch(|| function(&event)) {
            Ok(()) => true,
            Err(reason) => {
                report::debug_function(process, &id.to_string(), &reason);
                false
            }
        });
        if self.limit > 0 {
            if self.log.len() == self.limit {
                self.log.pop_front();
            }
            self.log.push_back(event);
        }
    }
}
