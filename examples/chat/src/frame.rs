//! An event on its way to many clients.

use std::sync::{Arc, OnceLock};

use axum::extract::ws::Utf8Bytes;

use crate::event::Event;
use crate::line::Lines;

/// How a client reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lines of text.
    Lines,
    /// JSON, one object a message.
    Json,
}

/// An event that is written down at most once for each format, however many clients get it.
#[derive(Clone, Debug)]
pub struct Frame(Arc<Written>);

#[derive(Debug)]
struct Written {
    event: Event,
    lines: OnceLock<Utf8Bytes>,
    json: OnceLock<Utf8Bytes>,
}

impl Frame {
    /// How the event is sent in a format; `None` when it is not.
    pub fn text(&self, format: Format) -> Option<Utf8Bytes> {
        let Written { event, lines, json } = &*self.0;
        let text = match format {
            Format::Lines => lines.get_or_init(|| {
                let mut lines = Lines(event).to_string();
                if !lines.is_empty() {
                    lines.push('\n');
                }
                exact(lines)
            }),
            Format::Json => {
                let write = || serde_json::to_string(event).expect("an event is plain data");
                json.get_or_init(|| exact(write()))
            }
        };
        (!text.is_empty()).then(|| text.clone())
    }
}

/// Gives back what a text has grown beyond its length, as outboxes count lengths.
fn exact(text: String) -> Utf8Bytes {
    text.into_boxed_str().into_string().into()
}

impl From<Event> for Frame {
    fn from(event: Event) -> Frame {
        Frame(Arc::new(Written { event, lines: OnceLock::new(), json: OnceLock::new() }))
    }
}
