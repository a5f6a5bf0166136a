//! The stager makes jobs available when their time has come.

use std::time::Duration;

use otp::prelude::*;
use otp::process::TimerRef;

use crate::store::Store;
use crate::time::Time;

/// The longest wait: the clock on the wall may be set, and timers do not follow it.
const LONGEST: Duration = Duration::from_secs(30);

/// Waits for the time of the next job, with one timer.
#[derive(Debug)]
pub struct Stager {
    next: Time,
    timer: TimerRef,
}

/// A job may be due.
struct Due;

#[gen_server(name)]
impl Stager {
    #[init]
    pub(crate) fn init(cx: &mut Context<Self>) -> Self {
        Stager { next: Time::now(), timer: cx.send_after(Duration::ZERO, Due) }
    }

    /// A job becomes available at this time.
    #[handle_cast]
    pub(crate) fn due(&mut self, at: Time, cx: &mut Context<Self>) {
        if at < self.next {
            self.wait_until(at, cx);
        }
    }

    #[handle_info]
    async fn stage(&mut self, _: Due, cx: &mut Context<Self>) -> Result<(), CallError> {
        let next = Store::client().stage().infinity().await?;
        let latest = Time::now().after(LONGEST);
        self.wait_until(next.map_or(latest, |next| next.min(latest)), cx);
        Ok(())
    }

    fn wait_until(&mut self, at: Time, cx: &mut Context<Self>) {
        self.timer.cancel();
        self.next = at;
        self.timer = cx.send_after(at.since(Time::now()), Due);
    }
}
