//! What waits to be sent to one client.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::Notify;

use crate::event::Event;
use crate::frame::{Format, Frame};

/// How much may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many messages.
    pub messages: usize,
    /// How many bytes, the message that is being sent included.
    pub bytes: usize,
}

/// A queue between everybody who tells a client something and the one who writes to its socket.
///
/// Putting something in never waits. When the queue is full, the oldest is dropped, and the client
/// is told how many were when it reads again. So a client costs at most the limit, whatever happens
/// in its rooms. Texts are shared between the clients that get the same, so it is less in practice.
#[derive(Clone, Debug)]
pub struct Outbox(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    format: Format,
    limit: Limit,
    waiting: Mutex<Waiting>,
    filled: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    texts: VecDeque<Utf8Bytes>,
    /// Those of the texts and of the one that is being sent.
    bytes: usize,
    /// Those of the one that is being sent.
    in_hand: usize,
    dropped: u64,
}

/// What an outbox holds, for tests and figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// How many messages wait.
    pub messages: usize,
    /// How many bytes wait or are being sent.
    pub bytes: usize,
}

impl Outbox {
    /// An empty one.
    pub fn new(format: Format, limit: Limit) -> Outbox {
        let waiting = Mutex::default();
        Outbox(Arc::new(Shared { format, limit, waiting, filled: Notify::new() }))
    }

    /// Puts an event behind the others, and drops the oldest ones if there is no room.
    pub fn push(&self, frame: &Frame) {
        let Some(text) = frame.text(self.0.format) else { return };
        let Limit { messages, bytes } = self.0.limit;
        let mut waiting = self.waiting();
        let full = |it: &Waiting| it.texts.len() >= messages || it.bytes + text.len() > bytes;
        while full(&waiting) {
            let oldest = waiting.texts.pop_front();
            waiting.dropped += 1;
            match oldest {
                Some(oldest) => waiting.bytes -= oldest.len(),
                None => return self.0.filled.notify_one(), // the new one itself is too large
            }
        }
        waiting.bytes += text.len();
        waiting.texts.push_back(text);
        drop(waiting);
        self.0.filled.notify_one();
    }

    /// Puts an event behind the others.
    pub fn tell(&self, event: Event) {
        self.push(&event.into());
    }

    /// Waits for the next text to send. Asking for it says that the one before is sent.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&self) -> Utf8Bytes {
        loop {
            if let Some(text) = self.take() {
                return text;
            }
            self.0.filled.notified().await;
        }
    }

    /// The next text to send, if there is one: what is to be said about dropped ones comes first.
    pub fn take(&self) -> Option<Utf8Bytes> {
        let mut waiting = self.waiting();
        waiting.bytes -= std::mem::take(&mut waiting.in_hand);
        let dropped = std::mem::take(&mut waiting.dropped);
        if dropped > 0 {
            return Frame::from(Event::Dropped { count: dropped }).text(self.0.format);
        }
        let text = waiting.texts.pop_front()?;
        waiting.in_hand = text.len();
        Some(text)
    }

    /// How full it is.
    pub fn level(&self) -> Level {
        let waiting = self.waiting();
        Level { messages: waiting.texts.len(), bytes: waiting.bytes }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().expect("nobody panics while holding it")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { messages: 8, bytes: 300 };

    fn notice(text: String) -> Frame {
        Event::Notice { text }.into()
    }

    /// What an outbox should do, written down as simply as possible.
    #[derive(Default)]
    struct Model {
        texts: Vec<String>,
        in_hand: usize,
        dropped: u64,
    }

    impl Model {
        fn bytes(&self) -> usize {
            self.in_hand + self.texts.iter().map(String::len).sum::<usize>()
        }

        fn push(&mut self, text: String) {
            self.texts.push(text);
            while self.texts.len() > LIMIT.messages || self.bytes() > LIMIT.bytes {
                self.texts.remove(0);
                self.dropped += 1;
            }
        }

        fn take(&mut self) -> Option<String> {
            self.in_hand = 0;
            if self.dropped > 0 {
                let count = std::mem::take(&mut self.dropped);
                let why = "as this connection reads slowly";
                return Some(format!("notice: {count} messages were dropped, {why}\n"));
            }
            let text = (!self.texts.is_empty()).then(|| self.texts.remove(0))?;
            self.in_hand = text.len();
            Some(text)
        }
    }

    #[test]
    fn it_does_what_a_simple_one_does() {
        for seed in 0..200 {
            let mut random = fastrand::Rng::with_seed(seed);
            let (outbox, mut model) = (Outbox::new(Format::Lines, LIMIT), Model::default());
            for step in 0..200 {
                if random.u8(..) < 150 {
                    let most = random.usize(1..320);
                    let text = format!("{step}{}", "x".repeat(random.usize(0..most)));
                    outbox.push(&notice(text.clone()));
                    model.push(format!("notice: {text}\n"));
                } else {
                    let taken = outbox.take().map(|text| text.to_string());
                    assert_eq!(taken, model.take(), "seed {seed}, step {step}");
                }
                let level = Level { messages: model.texts.len(), bytes: model.bytes() };
                assert_eq!(outbox.level(), level, "seed {seed}, step {step}");
                assert!(level.messages <= LIMIT.messages && level.bytes <= LIMIT.bytes);
            }
        }
    }

    #[test]
    fn an_event_without_a_line_takes_no_place() {
        let outbox = Outbox::new(Format::Lines, LIMIT);
        outbox.tell(Event::Sent { room: "a".parse().unwrap(), number: 1, id: "x".into() });
        assert_eq!((outbox.level(), outbox.take()), (Level { messages: 0, bytes: 0 }, None));
    }

    #[otp::test(start_paused = true)]
    async fn the_writer_is_woken() {
        let outbox = Outbox::new(Format::Lines, LIMIT);
        let writer = otp::Task::spawn({
            let outbox = outbox.clone();
            async move { outbox.next().await.to_string() }
        });
        otp::process::sleep(std::time::Duration::from_secs(1)).await;
        outbox.push(&notice("hi".to_owned()));
        assert_eq!(writer.await.unwrap(), "notice: hi\n");
    }
}
