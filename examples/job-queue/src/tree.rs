//! Everything that runs.

use otp::http::HttpServer;
use otp::prelude::*;

use crate::api::server;
use crate::config::Settings;
use crate::drainer::Drainer;
use crate::feed::Feed;
use crate::foreman::Foreman;
use crate::pruner::Pruner;
use crate::queue::{QueueSup, Queues};
use crate::reader::Reader;
use crate::scheduler::Scheduler;
use crate::stager::Stager;
use crate::store::Store;

supervisor! {
    /// Everything that runs. When the store fails, all that depends on it begins anew with it; the
    /// HTTP server goes on, and answers that it has to be tried again.
    pub AppSup(settings: Settings) {
        strategy: rest_for_one,
        children: [
            supervisor Jobs {
                strategy: rest_for_one,
                children: [
                    Store(settings.store()),
                    Reader(settings.config.database.clone()),
                    Queues,
                    QueueSup,
                    Foreman(settings.clone()),
                    Stager,
                    Scheduler(settings.clone()),
                    Pruner(settings.clone()),
                ],
            },
            HttpServer(server(&settings)),
            Feed,
            Drainer(settings.config.drain),
        ],
    }
}
