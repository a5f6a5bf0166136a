//! Work beside a server.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use crate::gen_server::{Context, GenServer, HandleInfo};
use crate::process::block::ProcessRef;
use crate::process::wait::exited;
use crate::process::{self, signal};
use crate::sync::Arc;

impl<S: GenServer> Context<S> {
    /// Runs a future beside the server, which goes on handling messages, and sends it what `f`
    /// makes of the output.
    ///
    /// The future runs in a process of its own that is linked to the server: when it panics, the
    /// server ends with that reason, or gets it as [`Exit`](crate::Exit) when it traps exits. When
    /// the server ends, for whatever reason, the future is dropped at its await point.
    ///
    /// ```
    /// # use otp_core::{Context, GenServer, HandleInfo};
    /// # struct Loaded(String);
    /// # fn handler<S: GenServer + HandleInfo<Loaded>>(cx: &mut Context<S>) {
    /// cx.pipe(async { "a slow answer".to_owned() }, Loaded); // arrives as `Loaded(..)`
    /// # }
    /// ```
    ///
    /// Elixir: `Task.async/1` in a server that handles the result in `handle_info/2`.
    pub fn pipe<F, M>(&self, future: F, f: impl FnOnce(F::Output) -> M + Send + 'static)
    where
        F: Future + Send + 'static,
        M: Send + 'static,
        S: HandleInfo<M>,
    {
        let server = Arc::clone(self.block()) as ProcessRef;
        process::spawn_link(async move {
            let pid = server.head().pid;
            let mut ended = pin!(exited(ProcessRef::clone(&server)));
            let output = {
                let mut future = pin!(future);
                poll_fn(|task| match ended.as_mut().poll(task) {
                    Poll::Ready(_) => Poll::Ready(None),
                    Poll::Pending => future.as_mut().poll(task).map(Some),
                })
                .await
            };
            let Some(output) = output else { return };
            process::send(pid, f(output));
            // A trapping server must not hear of the clean end of its helper.
            if let Some(helper) = process::current::get() {
                signal::unlink(&*helper, pid);
            }
        });
    }
}
