//! Spans that follow a request into its handler.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use otp::prelude::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Instrument, Metadata, Subscriber, info, info_span};
use tracing_core::span::Current;

/// Keeps spans and events, with what they were in. The tests run on one thread each.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Records>>);

#[derive(Default)]
struct Records {
    spans: Vec<Span>,
    entered: Vec<u64>,
    /// The text of each event, and the spans it was in, from the innermost.
    events: HashMap<String, Vec<String>>,
}

struct Span {
    parent: Option<u64>,
    text: String,
    metadata: &'static Metadata<'static>,
    handles: usize,
}

/// Fields as `name=value`.
#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0 += &format!(" {}={value:?}", field.name());
    }
}

impl Records {
    /// The spans from `id` to the root.
    fn path(&self, id: Option<u64>) -> Vec<String> {
        let mut path = Vec::new();
        let mut next = id;
        while let Some(id) = next {
            let span = &self.spans[usize::try_from(id).unwrap() - 1];
            path.push(span.text.clone());
            next = span.parent;
        }
        path
    }
}

impl Recorder {
    /// The spans around an event, from the innermost.
    fn around(&self, event: &str) -> Vec<String> {
        self.0.lock().unwrap().events[event].clone()
    }

    fn open(&self) -> usize {
        self.0.lock().unwrap().spans.iter().filter(|span| span.handles > 0).count()
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "otp::call" || metadata.target() == "trace_calls"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        let mut records = self.0.lock().unwrap();
        let parent = match span.parent() {
            Some(parent) => Some(parent.into_u64()),
            None if span.is_contextual() => records.entered.last().copied(),
            None => None,
        };
        let text = format!("{}{}", span.metadata().name(), fields.0);
        records.spans.push(Span { parent, text, metadata: span.metadata(), handles: 1 });
        Id::from_u64(records.spans.len() as u64)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut records = self.0.lock().unwrap();
        let path = records.path(records.entered.last().copied());
        let text = fields.0.trim_start_matches(" message=").to_owned();
        assert!(records.events.insert(text, path).is_none());
    }

    fn enter(&self, id: &Id) {
        self.0.lock().unwrap().entered.push(id.into_u64());
    }

    fn exit(&self, id: &Id) {
        assert_eq!(self.0.lock().unwrap().entered.pop(), Some(id.into_u64()));
    }

    fn clone_span(&self, id: &Id) -> Id {
        let at = usize::try_from(id.into_u64()).unwrap() - 1;
        self.0.lock().unwrap().spans[at].handles += 1;
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let at = usize::try_from(id.into_u64()).unwrap() - 1;
        let handles = &mut self.0.lock().unwrap().spans[at].handles;
        *handles -= 1;
        *handles == 0
    }

    fn current_span(&self) -> Current {
        let records = self.0.lock().unwrap();
        match records.entered.last() {
            Some(id) => {
                let span = &records.spans[usize::try_from(*id).unwrap() - 1];
                Current::new(Id::from_u64(*id), span.metadata)
            }
            None => Current::none(),
        }
    }
}

struct Desk {
    waiting: Option<ReplyTo<u32>>,
}

#[gen_server]
impl Desk {
    #[init]
    fn init() -> Self {
        Desk { waiting: None }
    }

    #[handle_call]
    async fn ask(&mut self) -> u32 {
        info!("asked");
        process::sleep(Duration::from_secs(1)).await;
        info!("answers");
        7
    }

    #[handle_cast]
    fn tell(&mut self) {
        info!("told");
    }

    #[handle_call]
    fn wait(&mut self, #[from] caller: ReplyTo<u32>) -> Noreply {
        info!("deferred");
        self.waiting = Some(caller);
        noreply()
    }

    #[handle_cast]
    fn release(&mut self) {
        info!("released");
        if let Some(caller) = self.waiting.take() {
            caller.reply(8);
        }
    }

    #[handle_call]
    async fn ask_another(&mut self) -> u32 {
        let other = Desk::start_link().await.unwrap();
        let answer = other.ask().await.unwrap();
        other.stop().await.unwrap();
        answer
    }

    #[handle_call]
    fn crash(&mut self) {
        info!("crashes");
        panic!("as asked");
    }

    #[handle_info]
    fn note(&mut self, _note: Note) {
        info!("noted");
    }
}

struct Note;

struct Bounded;

#[gen_server(mailbox(capacity = 1, calls = wait))]
impl Bounded {
    #[init]
    fn init() -> Self {
        Bounded
    }

    #[handle_call]
    fn get(&self) -> u8 {
        info!("got");
        1
    }

    #[handle_cast]
    fn put(&mut self) {
        info!("put");
    }
}

const HANDLER: &str = r#"otp::call server="Desk" request="DeskRequest""#;

/// Installs a recorder for the running test.
fn record() -> (Recorder, tracing::subscriber::DefaultGuard) {
    let recorder = Recorder::default();
    let guard = tracing::subscriber::set_default(recorder.clone());
    (recorder, guard)
}

#[otp::test(start_paused = true)]
async fn a_call_is_handled_below_the_callers_span() {
    let (recorder, _guard) = record();
    let desk = Desk::start_link().await.unwrap();
    let call = async {
        let answer = desk.ask().await;
        info!("back");
        answer
    };
    assert_eq!(call.instrument(info_span!("caller", id = 3)).await, Ok(7));
    for event in ["asked", "answers"] {
        assert_eq!(recorder.around(event), [HANDLER, "caller id=3"]);
    }
    assert_eq!(recorder.around("back"), ["caller id=3"]);
    desk.stop().await.unwrap();
    assert_eq!(recorder.open(), 0); // no span is kept
}

#[otp::test(start_paused = true)]
async fn a_cast_is_handled_below_the_senders_span_which_may_be_over() {
    let (recorder, _guard) = record();
    let desk = Desk::start_link().await.unwrap();
    info_span!("sender").in_scope(|| desk.tell());
    desk.stop().await.unwrap();
    assert_eq!(recorder.around("told"), [HANDLER, "sender"]);
    assert_eq!(recorder.open(), 0);
}

#[otp::test(start_paused = true)]
async fn a_deferred_reply_leaves_each_handler_below_its_own_sender() {
    let (recorder, _guard) = record();
    let desk = Desk::start_link().await.unwrap();
    let client = desk.clone();
    let waits = async move {
        let answer = client.wait().await;
        info!("has waited");
        answer
    };
    let waits = tokio::spawn(waits.instrument(info_span!("waits")));
    process::sleep(Duration::from_secs(1)).await;
    info_span!("releases").in_scope(|| desk.release());
    assert_eq!(waits.await.unwrap(), Ok(8));
    assert_eq!(recorder.around("deferred"), [HANDLER, "waits"]);
    assert_eq!(recorder.around("released"), [HANDLER, "releases"]);
    assert_eq!(recorder.around("has waited"), ["waits"]);
    desk.stop().await.unwrap();
    assert_eq!(recorder.open(), 0);
}

#[otp::test(start_paused = true)]
async fn spans_go_on_through_several_servers() {
    let (recorder, _guard) = record();
    let desk = Desk::start_link().await.unwrap();
    desk.ask_another().infinity().send().instrument(info_span!("unused")).await.unwrap();
    assert_eq!(recorder.around("asked"), [] as [&str; 0]); // sent before the span was entered
    let (recorder, _guard) = record();
    let call = async { desk.ask_another().await };
    call.instrument(info_span!("first")).await.unwrap();
    assert_eq!(recorder.around("asked"), [HANDLER, HANDLER, "first"]);
    desk.stop().await.unwrap();
}

#[otp::test(start_paused = true)]
async fn a_crash_leaves_no_span_entered() {
    let (recorder, _guard) = record();
    let desk = Desk::start().await.unwrap();
    let crashed = async { desk.crash().await }.instrument(info_span!("caller")).await;
    assert!(crashed.is_err());
    info!("after");
    assert_eq!(recorder.around("crashes"), [HANDLER, "caller"]);
    assert_eq!(recorder.around("after"), [] as [&str; 0]);
    assert_eq!(recorder.open(), 0);
}

#[otp::test(start_paused = true)]
async fn what_is_sent_outside_a_span_is_handled_outside() {
    let (recorder, _guard) = record();
    let desk = Desk::start_link().await.unwrap();
    desk.ask().await.unwrap();
    desk.tell();
    info_span!("sender").in_scope(|| desk.send(Note));
    desk.stop().await.unwrap();
    for event in ["asked", "told", "noted"] {
        assert_eq!(recorder.around(event), [] as [&str; 0]);
    }
}

#[otp::test(start_paused = true)]
async fn a_bounded_mailbox_keeps_the_span_of_a_call_that_waits_for_a_place() {
    let (recorder, _guard) = record();
    let server = Bounded::start_link().await.unwrap();
    info_span!("first").in_scope(|| server.put());
    let call = async { server.get().await };
    assert_eq!(call.instrument(info_span!("second")).await, Ok(1));
    let handler = HANDLER.replace("Desk", "Bounded");
    assert_eq!(recorder.around("put"), [&*handler, "first"]);
    assert_eq!(recorder.around("got"), [&*handler, "second"]);
    server.stop().await.unwrap();
}

#[otp::test(start_paused = true)]
async fn a_watched_server_is_traced_as_any_other() {
    let (recorder, _guard) = record();
    let desk = Desk::start_link().await.unwrap();
    otp::sys::statistics(&desk, true).await.unwrap();
    info_span!("sender").in_scope(|| desk.tell());
    desk.stop().await.unwrap();
    assert_eq!(recorder.around("told"), [HANDLER, "sender"]);
}

struct Where;

#[gen_server]
impl Where {
    #[init]
    fn init() -> Self {
        Where
    }

    #[handle_call]
    fn task(&self) -> Option<tokio::task::Id> {
        tokio::task::try_id()
    }
}

#[test]
fn a_call_inside_a_span_is_not_handed_off() {
    use otp::__private::{TestOptions, run_test};

    run_test(TestOptions::new("handoff").handoff(true), async {
        let (_recorder, _guard) = record();
        let caller = tokio::spawn(async {
            let server = Where::start().await.unwrap();
            let me = tokio::task::try_id();
            let call = async |span| server.task().instrument(span).await.unwrap();
            for _ in 0..100 {
                call(tracing::Span::none()).await;
            }
            assert_eq!(call(tracing::Span::none()).await, me);
            assert_ne!(call(info_span!("caller")).await, me);
            server.stop().await.unwrap();
        });
        caller.await.unwrap();
    });
}
