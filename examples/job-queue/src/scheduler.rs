//! The scheduler enqueues the jobs of the timetable.

use std::time::Duration;

use otp::prelude::*;

use crate::config::Settings;
use crate::cron::CronEntry;
use crate::store::Store;
use crate::time::Time;

/// The longest wait: the clock on the wall may be set, and timers do not follow it.
const LONGEST: Duration = Duration::from_secs(30);

/// Waits for the next tick of any entry. Which ticks are enqueued already is known to the store.
#[derive(Debug)]
pub struct Scheduler {
    entries: Vec<CronEntry>,
    catch_up: Duration,
}

/// A tick may have come.
struct Tick;

#[gen_server(name)]
impl Scheduler {
    #[init]
    pub(crate) fn init(settings: Settings, cx: &mut Context<Self>) -> Self {
        cx.send_after(Duration::ZERO, Tick);
        Scheduler { entries: settings.cron, catch_up: settings.config.cron_catch_up }
    }

    #[handle_info]
    async fn tick(&mut self, _: Tick, cx: &mut Context<Self>) -> Result<(), CallError> {
        // Read before, so that a tick during the calls below is not passed over.
        let now = Time::now();
        for entry in &self.entries {
            Store::client().tick(entry.clone(), self.catch_up).infinity().await?;
        }
        let latest = now.after(LONGEST);
        let next = self.entries.iter().filter_map(|entry| entry.next(now)).min();
        let next = next.map_or(latest, |next| next.min(latest));
        cx.send_after(next.since(Time::now()), Tick);
        Ok(())
    }
}
