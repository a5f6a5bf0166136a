//! Turning panics into exit reasons.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::process::block::{Kind, ProcessRef, with_control};
use crate::process::current::{self, ExitUnwind};
use crate::reason::{Crash, ExitReason};
use crate::report::{self, Details};

thread_local! {
    /// The last panic of a process on this thread, as the panic hook saw it.
    static LAST: RefCell<Option<Crash>> = const { RefCell::new(None) };
}

/// Makes panics inside processes silent, since they become exit reasons and crash reports, and
/// remembers their place. Panics elsewhere go to the hook that was there before.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let kind = current::with(|process| process.head().kind);
            if kind.is_some() {
                let message = text(info.payload());
                let location = info.location().map(ToString::to_string);
                let _ = LAST.try_with(|last| {
                    last.replace(Some(Crash::new(message, location)));
                });
            }
            // The root's panics are the program's own: main and tests print them as ever.
            if matches!(kind, None | Some(Kind::Root)) {
                previous(info);
            }
        }));
    });
}

/// Why a process ends whose future unwound with `payload`.
pub(crate) fn exit_reason(payload: Box<dyn Any + Send>) -> ExitReason {
    let last = LAST.try_with(|last| last.borrow_mut().take()).ok().flatten();
    match payload.downcast::<ExitUnwind>() {
        Ok(exit) => exit.0,
        Err(payload) => {
            ExitReason::Crash(last.unwrap_or_else(|| Crash::new(text(&*payload), None)))
        }
    }
}

/// Runs code that is not the process's own; its panic is the error, and ends nothing.
pub(crate) fn catch<T>(code: impl FnOnce() -> T) -> Result<T, ExitReason> {
    catch_unwind(AssertUnwindSafe(code)).map_err(exit_reason)
}

/// What a panic said.
fn text(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a value that is no text".to_owned()
    }
}

/// Reports the panic of a process that is no server; servers report their own ends.
pub(crate) fn report_end(process: &ProcessRef, runs: &str) {
    if process.head().kind != Kind::Plain {
        return;
    }
    let reason = with_control(&**process, |control, _| control.reason().cloned());
    if let Some(reason @ ExitReason::Crash(_)) = reason {
        let runs = Some(plain_name(runs));
        report::crash(&**process, &Details { runs, ..Details::default() }, &reason);
    }
}

/// Reports a panic in a destructor, which has no other way to be seen.
pub(crate) fn report_drop(process: &ProcessRef, runs: &str, reason: &ExitReason) {
    let last_message = Some("(while its state was dropped)");
    let runs = (process.head().kind == Kind::Plain).then(|| plain_name(runs));
    report::crash(&**process, &Details { last_message, runs, ..Details::default() }, reason);
}

/// The path of what a process runs, out of the type of its whole body.
fn plain_name(body: &str) -> &str {
    if let Some(inner) = body.strip_prefix("otp_core::task::work::Work<") {
        let ends = [", oneshot::", ", otp_core::task::work::"];
        let end = ends.iter().filter_map(|end| inner.find(end)).min();
        return &inner[..end.unwrap_or(inner.len())];
    }
    let inner = body.strip_prefix("otp_core::process::spawn::Plain<");
    inner.and_then(|inner| inner.strip_suffix('>')).unwrap_or(body)
}
