//! The drainer lets running jobs finish when the program stops.

use std::time::Duration;

use otp::prelude::*;

use crate::queue::{Queue, Queues};
use crate::store::Store;

/// How much longer the queues may take to write down what they have given back.
const MARGIN: Duration = Duration::from_secs(10);

/// It starts last, so it is stopped first. Its end is the drain: it waits for all queues, while the
/// API still answers.
#[derive(Debug)]
pub struct Drainer {
    limit: Duration,
}

#[gen_server(name, trap_exit, shutdown = infinity)]
impl Drainer {
    #[init]
    pub(crate) fn init(limit: Duration) -> Self {
        Drainer { limit }
    }

    #[terminate]
    async fn terminate(&mut self) {
        if Store::client().pid().is_none() {
            return; // it has failed, so nothing could be written down
        }
        let names = match Queues::select(|key, _, _| Some(key.clone())) {
            Ok(names) => names,
            Err(_) => return, // there are no queues
        };
        // All at the same time: the requests are sent before the first answer is waited for.
        let limit = self.limit.saturating_add(MARGIN);
        let drain = |name: String| Queue::client(&name).drain(self.limit).timeout(limit).send();
        let draining: Vec<_> = names.into_iter().map(drain).collect();
        for queue in draining {
            // One that has crashed meanwhile leaves orphans, which are rescued at the next start.
            let _ = queue.await;
        }
    }
}
