//! The feed tells the open pages what is different.

use std::sync::Arc;
use std::time::Duration;

use otp::prelude::*;
use tokio::sync::watch;

use crate::reader::Reader;
use crate::store::StoreError;

/// The least time between two pictures: more often nobody can look.
const PAUSE: Duration = Duration::from_millis(200);

/// A picture of all queues, as JSON.
pub(crate) type Picture = Option<Arc<str>>;

/// Makes pictures while somebody looks.
///
/// A page that reads slowly misses pictures, and nothing else: there is only ever the last one.
///
/// It is started behind the HTTP server and so stopped before it. Its end closes the streams, which
/// would otherwise hold up the server's drain.
#[derive(Debug)]
pub struct Feed {
    pictures: watch::Sender<Picture>,
    /// Whether a picture is being made, or will be after the pause.
    busy: bool,
    /// Whether something is different since the last one was begun.
    stale: bool,
}

/// The pause is over.
struct Rested;

/// A picture is ready.
struct Made(Result<Result<String, StoreError>, CallError>);

#[gen_server(name)]
impl Feed {
    #[init]
    pub(crate) fn init() -> Self {
        Feed { pictures: watch::Sender::new(None), busy: false, stale: false }
    }

    /// The pictures from now on, and the last one.
    #[handle_call]
    pub(crate) fn subscribe(&mut self, cx: &mut Context<Self>) -> watch::Receiver<Picture> {
        let receiver = self.pictures.subscribe();
        self.stale = true; // nobody may have looked for a while
        self.make(cx);
        receiver
    }

    /// Something is different.
    #[handle_cast]
    pub(crate) fn changed(&mut self, cx: &mut Context<Self>) {
        self.stale = true;
        self.make(cx);
    }

    #[handle_info]
    fn made(&mut self, made: Made, cx: &mut Context<Self>) {
        if let Made(Ok(Ok(picture))) = made {
            self.pictures.send_replace(Some(picture.into()));
        } else {
            self.stale = true; // the reader is being started again
        }
        cx.send_after(PAUSE, Rested);
    }

    #[handle_info]
    fn rested(&mut self, _: Rested, cx: &mut Context<Self>) {
        self.busy = false;
        self.make(cx);
    }

    fn make(&mut self, cx: &mut Context<Self>) {
        if self.busy || !self.stale || self.pictures.receiver_count() == 0 {
            return;
        }
        self.busy = true;
        self.stale = false;
        cx.pipe(Reader::client().picture(), Made);
    }
}
