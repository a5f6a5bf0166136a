//! The foreman starts the queues.

use otp::prelude::*;

use crate::config::Settings;
use crate::queue::{QueueSup, QueueTree};
use crate::reader::Reader;

/// Starts the queues that there are, and each new one when it gets its first job.
#[derive(Debug)]
pub struct Foreman {
    settings: Settings,
}

/// What is left to do after the start.
struct Begin;

#[gen_server(name)]
impl Foreman {
    #[init]
    pub(crate) fn init(settings: Settings) -> Init<Self> {
        Init::ok(Foreman { settings }).continue_with(Begin)
    }

    #[handle_continue]
    async fn begin(&mut self, _: Begin) -> otp::Result<()> {
        for queue in Reader::client().queues().infinity().await?? {
            self.start_queue(queue.name).await;
        }
        Ok(())
    }

    /// Starts a queue, unless it is there. One that cannot be started is reported by its
    /// supervisor, and asked for again with its next job.
    #[handle_cast]
    pub(crate) async fn start_queue(&mut self, queue: String) {
        let name = format!("queue {queue}");
        let tree = QueueTree::child_spec(queue, self.settings.clone()).name(name);
        let _ = QueueSup::start_child(tree).await;
    }
}
