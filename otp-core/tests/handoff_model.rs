//! The protocol by which a server's task and its callers share the server, tried in every order of
//! their steps that matters.
//!
//! It is the protocol of `process/handoff.rs` and `Block::push_and_run`, rewritten over loom's
//! locks: whatever the order, no message may stay unhandled with nobody about to look for it.

use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::sync::{Arc, Mutex};
use loom::thread;

/// A process, as far as the protocol goes.
struct Process {
    mailbox: Mutex<Mailbox>,
    /// Whoever has it runs the server.
    body: Mutex<()>,
    missed: AtomicBool,
    mail: AtomicBool,
    /// The task has been woken and not yet polled.
    woken: AtomicBool,
    handled: AtomicUsize,
    /// Leaves out the second look, to see that the model notices.
    broken: bool,
}

struct Mailbox {
    waiting: usize,
    parked: bool,
}

impl Process {
    fn new(broken: bool) -> Arc<Process> {
        Arc::new(Process {
            mailbox: Mutex::new(Mailbox { waiting: 0, parked: true }),
            body: Mutex::new(()),
            missed: AtomicBool::new(false),
            mail: AtomicBool::new(false),
            woken: AtomicBool::new(false),
            handled: AtomicUsize::new(0),
            broken,
        })
    }

    fn wake(&self) {
        self.woken.swap(true, Ordering::SeqCst);
    }

    /// The server looks into its mailbox until it is empty, and parks.
    fn serve(&self) {
        while self.mail.load(Ordering::Relaxed) {
            let mut mailbox = self.mailbox.lock().unwrap();
            self.mail.store(false, Ordering::Relaxed);
            mailbox.parked = true;
            let taken = std::mem::take(&mut mailbox.waiting);
            drop(mailbox);
            self.handled.fetch_add(taken, Ordering::Relaxed);
        }
    }

    /// One turn; whether the body was free.
    fn turn(&self) -> bool {
        let Ok(body) = self.body.try_lock() else { return false };
        self.serve();
        drop(body);
        true
    }

    /// The poll of the server's own task.
    fn own_turn(&self) {
        self.woken.swap(false, Ordering::SeqCst);
        if !self.turn() {
            if self.broken {
                return; // neither note nor second try
            }
            self.missed.swap(true, Ordering::SeqCst);
            self.turn();
        }
    }

    /// A call: the message goes into the mailbox, and the caller runs the server if it may.
    fn call(&self, in_line: bool) {
        let mut mailbox = self.mailbox.lock().unwrap();
        mailbox.waiting += 1;
        let wake = std::mem::take(&mut mailbox.parked);
        drop(mailbox);
        if !wake {
            return;
        }
        self.mail.store(true, Ordering::Relaxed);
        let handled = in_line && self.turn();
        if !handled || self.missed.swap(false, Ordering::SeqCst) {
            self.wake();
        }
    }

    /// Polls the task as long as it is woken, and says how much was handled in the end.
    fn settle(&self) -> usize {
        while self.woken.load(Ordering::SeqCst) {
            self.own_turn();
        }
        self.handled.load(Ordering::SeqCst)
    }
}

/// Two callers and the task, which is polled once for a reason of its own.
fn model(first: bool, second: bool, broken: bool) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(move || {
        let process = Process::new(broken);
        let callers: Vec<_> = [first, second]
            .map(|in_line| {
                let process = Arc::clone(&process);
                thread::spawn(move || process.call(in_line))
            })
            .into();
        if process.woken.load(Ordering::SeqCst) || !broken {
            process.own_turn();
        }
        for caller in callers {
            caller.join().unwrap();
        }
        assert_eq!(process.settle(), 2, "a message was left behind");
    });
}

#[test]
fn no_message_is_left_behind_however_the_steps_fall() {
    for (first, second) in [(true, true), (true, false), (false, false)] {
        model(first, second, false);
    }
}

#[test]
#[should_panic(expected = "a message was left behind")]
fn the_model_notices_when_the_task_does_not_look_twice() {
    model(true, false, true);
}
