//! Keeps what is reported through `tracing`.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};

/// One event: its target, level, and fields in order.
#[derive(Clone, Debug)]
pub struct Line {
    pub target: &'static str,
    pub level: Level,
    pub fields: Vec<(&'static str, String)>,
}

impl Line {
    /// The value of a field; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value.as_str())
    }
}

/// Has somebody want all reports for as long as the program runs; to be called before anything can
/// report.
///
/// `tracing` remembers of each place that reports whether anybody wants to know, as it is when the
/// place is met first. That may be in a test on another thread, just while this one begins to
/// listen.
pub fn want_reports() {
    static LISTENER: OnceLock<Dispatch> = OnceLock::new();
    LISTENER.get_or_init(|| Dispatch::new(Capture::default())); // on no thread, so it gets nothing
}

/// Everything that was reported on the thread that has installed it.
#[derive(Clone, Default)]
pub struct Capture(Arc<Mutex<Vec<Line>>>);

impl Capture {
    /// Listens on this thread until the guard is dropped.
    pub fn install() -> (Capture, tracing::subscriber::DefaultGuard) {
        want_reports();
        let capture = Capture::default();
        let guard = tracing::subscriber::set_default(capture.clone());
        (capture, guard)
    }

    /// What was reported under a target since the last question.
    pub fn take(&self, target: &str) -> Vec<Line> {
        let mut lines = self.0.lock().unwrap();
        let (taken, left) = lines.drain(..).partition(|line| line.target == target);
        *lines = left;
        taken
    }
}

impl Subscriber for Capture {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("otp")
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(Vec::new());
        event.record(&mut fields);
        let metadata = event.metadata();
        let (target, level) = (metadata.target(), *metadata.level());
        self.0.lock().unwrap().push(Line { target, level, fields: fields.0 });
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Fields(Vec<(&'static str, String)>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        write!(text, "{value:?}").unwrap();
        self.0.push((field.name(), text));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.to_owned()));
    }
}
