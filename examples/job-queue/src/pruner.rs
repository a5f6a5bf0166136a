//! The pruner removes jobs that were finished long ago.

use std::time::Duration;

use otp::prelude::*;

use crate::config::Settings;
use crate::store::Store;
use crate::time::Time;

/// Looks for old jobs from time to time.
#[derive(Debug)]
pub struct Pruner {
    keep: Duration,
    every: Duration,
}

/// It is time to look.
struct Look;

#[gen_server(name)]
impl Pruner {
    #[init]
    pub(crate) fn init(settings: Settings, cx: &mut Context<Self>) -> Self {
        let (keep, every) = (settings.config.keep, settings.config.prune_every);
        cx.send_after(every, Look);
        Pruner { keep, every }
    }

    #[handle_info]
    async fn look(&mut self, _: Look, cx: &mut Context<Self>) -> Result<(), CallError> {
        let before = Time::now().before(self.keep);
        // Each call removes some, and others have their turn in between.
        while Store::client().prune(before).infinity().await? > 0 {}
        cx.send_after(self.every, Look);
        Ok(())
    }
}
