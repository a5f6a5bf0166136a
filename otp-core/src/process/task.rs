//! The future that a process's tokio task runs: the boundary at which panics and kills are caught.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::panic;
use crate::process::block::ProcessRef;
use crate::process::{current, dict, signal};
use crate::reason::ExitReason;

pin_project! {
    /// Runs `body` as the process, and ends the process when it is done, panics, is killed, or is
    /// dropped with its runtime.
    pub(crate) struct ProcessTask<F> {
        // Taken while the body is polled, and for good when the process has ended.
        process: Option<ProcessRef>,
        #[pin]
        body: Option<F>,
    }

    impl<F> PinnedDrop for ProcessTask<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(process) = this.process.take() {
                signal::close(&*process, ExitReason::Killed);
                drop_body(&process, &mut this.body);
                signal::announce(&process);
            }
        }
    }
}

impl<F: Future<Output = ExitReason>> ProcessTask<F> {
    pub(crate) fn new(process: ProcessRef, body: F) -> ProcessTask<F> {
        ProcessTask { process: Some(process), body: Some(body) }
    }
}

impl<F: Future<Output = ExitReason>> Future for ProcessTask<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let Some(process) = this.process.take() else { return Poll::Ready(()) };
        let head = process.head();
        head.set_waker(cx.waker());
        head.count_poll();
        if head.is_condemned() {
            return end(process, &mut this.body, ExitReason::Killed);
        }
        let outside = current::replace(Some(process));
        let polled = catch_unwind(AssertUnwindSafe(|| match this.body.as_mut().as_pin_mut() {
            Some(body) => body.poll(cx),
            None => Poll::Ready(ExitReason::Normal),
        }));
        let Some(process) = current::replace(outside) else { return Poll::Ready(()) };
        match polled {
            Ok(Poll::Pending) if !process.head().is_condemned() => {
                *this.process = Some(process);
                Poll::Pending
            }
            // The reason was given with the condemnation.
            Ok(Poll::Pending) => end(process, &mut this.body, ExitReason::Killed),
            Ok(Poll::Ready(reason)) => end(process, &mut this.body, reason),
            Err(payload) => {
                let reason = panic::exit_reason(payload);
                end(process, &mut this.body, reason)
            }
        }
    }
}

/// Ends the process: reason and closed mailbox first, then its future is dropped, then everybody is
/// told. So nobody hears of the end before everything that the process owned is gone.
fn end<F>(process: ProcessRef, body: &mut Pin<&mut Option<F>>, reason: ExitReason) -> Poll<()> {
    signal::close(&*process, reason);
    drop_body(&process, body);
    panic::report_end(&process, std::any::type_name::<F>());
    signal::announce(&process);
    Poll::Ready(())
}

/// Drops what the process owned. A panic in a destructor is reported and goes no further.
fn drop_body<F>(process: &ProcessRef, body: &mut Pin<&mut Option<F>>) {
    let outside = current::replace(Some(ProcessRef::clone(process)));
    let dropped = catch_unwind(AssertUnwindSafe(|| {
        body.set(None);
        drop(dict::remove(&**process));
    }));
    current::replace(outside);
    if let Err(payload) = dropped {
        let runs = std::any::type_name::<F>();
        panic::report_drop(process, runs, &panic::exit_reason(payload));
    }
}
