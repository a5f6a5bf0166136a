//! The process of a dynamic supervisor.

use std::collections::HashMap;
use std::fmt;

use crate::child_spec::{ChildId, Restart, Shutdown};
use crate::gen_server::{
    Context, GenServer, InitResult, Next, ReplyTo, ServerOptions, ServerRef, StartError,
};
use crate::message::{Exit, Message};
use crate::name::Name;
use crate::pid::Pid;
use crate::process::block::{Process, ProcessRef, display_name};
use crate::process::spawn::link_new;
use crate::reason::ExitReason;
use crate::report::{self, ChildEvent, Occasion};
use crate::seam::{self, Instant};
use crate::supervisor::backoff::{Backoff, Retry};
use crate::supervisor::dynamic::Options;
use crate::supervisor::dynamic::adopt::Adoptee;
use crate::supervisor::entry::{self, Entry, State, Up};
use crate::supervisor::error::ChildError;
use crate::supervisor::intensity::Intensity;
use crate::supervisor::server::about;
use crate::supervisor::shutdown::{as_expected, shut_down, shut_down_all};
use crate::supervisor::{ChildCounts, ChildInfo, starting};

/// The server that a dynamic supervisor is.
///
/// It is reached through a [`DynamicSupervisorRef`](crate::DynamicSupervisorRef), which derefs to
/// its handle, so that the functions of [`sys`](crate::sys) take it, too.
pub struct Server {
    max_children: Option<usize>,
    backoff: Option<Backoff>,
    /// Each child by its pid. One that waits for a restart stays at the pid it had.
    children: HashMap<Pid, Entry>,
    intensity: Intensity,
    epoch: Instant,
    pid: Pid,
    /// How the supervisor is called in reports.
    title: String,
}

/// What a dynamic supervisor can be asked;
/// [`DynamicSupervisorRef`](crate::DynamicSupervisorRef) has a method for each.
pub struct Request(pub(super) Ask);

/// The requests.
pub(super) enum Ask {
    Which(ReplyTo<Vec<ChildInfo>>),
    Count(ReplyTo<ChildCounts>),
    Start(Entry, ReplyTo<Result<Up, ChildError>>),
    Terminate(Pid, ReplyTo<Result<(), ChildError>>),
    Adopt(Box<dyn Adoptee>, Shutdown, ReplyTo<Result<(), ChildError>>),
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicSupervisor")
            .field("max_children", &self.max_children)
            .field("children", &self.count())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Request")
    }
}

/// A child is to be started again, if the ticket still counts.
struct TryAgain {
    /// The pid that it had.
    pid: Pid,
    ticket: u64,
    /// The restart was counted already, and has waited for its time.
    waited: bool,
}

/// The supervisor has to end.
struct GiveUp;

fn next(handled: Result<(), GiveUp>) -> Next<Server> {
    match handled {
        Ok(()) => Next::wait(),
        Err(GiveUp) => Next::stop(ExitReason::Shutdown),
    }
}

impl GenServer for Server {
    type Args = Options;
    type Request = Request;
    type Continue = crate::Never;
    type Client = ServerRef<Server>;

    const OPTIONS: ServerOptions = ServerOptions::new().trap_exit(true);

    fn name(options: &Options) -> Option<Name> {
        options.name.clone()
    }

    async fn init(options: Options, cx: &mut Context<Self>) -> InitResult<Self> {
        if options.max_seconds == 0 {
            return InitResult::stop(ExitReason::error("max_seconds must be at least 1"));
        }
        if let Some(fault) = options.backoff.and_then(Backoff::fault) {
            return InitResult::stop(ExitReason::error(fault));
        }
        InitResult::ok(Server {
            max_children: options.max_children,
            backoff: options.backoff,
            children: HashMap::new(),
            intensity: Intensity::new(options.max_restarts, options.max_seconds),
            epoch: seam::now(),
            pid: cx.pid(),
            title: display_name(&**cx.block()),
        })
    }

    async fn handle(&mut self, request: Request, cx: &mut Context<Self>) -> Next<Self> {
        match request.0 {
            Ask::Which(caller) => Next::answer(caller, self.which()),
            Ask::Count(caller) => Next::answer(caller, self.count()),
            Ask::Start(entry, caller) => Next::answer(caller, self.add(entry).await),
            Ask::Terminate(pid, caller) => Next::answer(caller, self.terminate_child(pid).await),
            Ask::Adopt(child, shutdown, caller) => {
                Next::answer(caller, self.adopt(child, shutdown, &**cx.block()))
            }
        }
    }

    async fn handle_info(&mut self, message: Message, cx: &mut Context<Self>) -> Next<Self> {
        let message = match message.downcast::<Exit>() {
            Ok(exit) => return next(self.child_ended(exit.from, &exit.reason).await),
            Err(message) => message,
        };
        match message.downcast::<TryAgain>() {
            Ok(due) => next(self.try_again(due).await),
            Err(message) => crate::gen_server::unhandled(message, cx),
        }
    }

    async fn terminate(&mut self, _: &ExitReason, _: &mut Context<Self>) {
        self.stop_all().await;
    }

    fn format_status(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}

impl Server {
    async fn add(&mut self, entry: Entry) -> Result<Up, ChildError> {
        if self.max_children.is_some_and(|most| self.children.len() >= most) {
            return Err(ChildError::MaxChildren);
        }
        self.start(entry, Occasion::Asked).await.map_err(|(_, error)| ChildError::Start(error))
    }

    /// Runs a process that others have made, as a temporary child.
    fn adopt(
        &mut self,
        child: Box<dyn Adoptee>,
        shutdown: Shutdown,
        own: &dyn Process,
    ) -> Result<(), ChildError> {
        if self.max_children.is_some_and(|most| self.children.len() >= most) {
            child.refuse(ChildError::MaxChildren);
            return Err(ChildError::MaxChildren);
        }
        let (process, pid) = (ProcessRef::clone(child.process()), child.process().head().pid);
        link_new(own, &process);
        let entry = Entry::adopted(process, shutdown);
        report::progress(&about(&self.title, &entry, Some(pid)), Occasion::Asked);
        self.children.insert(pid, entry);
        child.run();
        Ok(())
    }

    /// Starts a child and enters it under its pid; a failure gives the child back.
    async fn start(
        &mut self,
        mut entry: Entry,
        occasion: Occasion,
    ) -> Result<Up, (Entry, StartError)> {
        match starting::start(&entry).await {
            Ok(up) => {
                let pid = up.0.head().pid;
                report::progress(&about(&self.title, &entry, Some(pid)), occasion);
                entry.restarts += u64::from(occasion == Occasion::Again);
                entry.state = State::Running(ProcessRef::clone(&up.0));
                self.children.insert(pid, entry);
                Ok(up)
            }
            Err(error) => Err((entry, error)),
        }
    }

    /// Decides what the end of a process means. An end of a stranger means nothing.
    async fn child_ended(&mut self, pid: Pid, reason: &ExitReason) -> Result<(), GiveUp> {
        let Some(entry) = self.children.remove(&pid) else { return Ok(()) };
        let comes_back = match entry.settings.restart {
            Restart::Permanent => true,
            Restart::Transient => !reason.is_normal(),
            Restart::Temporary => false,
        };
        if comes_back || !reason.is_normal() {
            self.report(&entry, Some(pid), ChildEvent::Terminated, reason);
        }
        if comes_back { self.restart(pid, entry, !reason.is_normal()).await } else { Ok(()) }
    }

    /// Counts the restart of a child, and makes it: at once, or when it is time, if it has to wait.
    async fn restart(&mut self, old: Pid, entry: Entry, abnormal: bool) -> Result<(), GiveUp> {
        let second = seam::now().duration_since(self.epoch).as_secs();
        if !self.intensity.allows(second) {
            self.report(&entry, None, ChildEvent::GivingUp, &ExitReason::Shutdown);
            return Err(GiveUp);
        }
        match self.backoff.filter(|_| abnormal) {
            Some(backoff) => {
                let delay = backoff.delay(self.intensity.in_a_row());
                let due = |ticket| TryAgain { pid: old, ticket, waited: true };
                self.keep(old, entry, Retry::after(delay, self.pid, due));
            }
            None => self.bring_back(old, entry).await,
        }
        Ok(())
    }

    /// Brings a child back; one that chooses not to run is forgotten.
    async fn bring_back(&mut self, old: Pid, entry: Entry) {
        match self.start(entry, Occasion::Again).await {
            Ok(_) | Err((_, StartError::Ignore)) => {}
            Err((entry, error)) => {
                self.report(&entry, None, ChildEvent::StartError, &ExitReason::from(error));
                let due = |ticket| TryAgain { pid: old, ticket, waited: false };
                self.keep(old, entry, Retry::next(self.pid, due));
            }
        }
    }

    /// Keeps a child that will be started again at the pid that it had.
    fn keep(&mut self, old: Pid, mut entry: Entry, retry: Retry) {
        entry.state = State::Restarting(retry);
        self.children.insert(old, entry);
    }

    /// The next attempt of a restart, unless somebody called it off in the meantime.
    async fn try_again(&mut self, due: TryAgain) -> Result<(), GiveUp> {
        let TryAgain { pid, ticket, waited } = due;
        if !self.children.get(&pid).is_some_and(|entry| entry.is_due(ticket)) {
            return Ok(());
        }
        let Some(entry) = self.children.remove(&pid) else { return Ok(()) };
        if waited {
            self.bring_back(pid, entry).await;
            return Ok(());
        }
        self.restart(pid, entry, true).await
    }

    async fn terminate_child(&mut self, pid: Pid) -> Result<(), ChildError> {
        let entry = self.children.remove(&pid).ok_or(ChildError::NotFound)?;
        if let State::Running(process) = &entry.state {
            let reason = shut_down(process, self.pid, entry.settings.shutdown).await;
            self.report_shutdown(&entry, pid, &reason);
        }
        Ok(())
    }

    /// Tells all children to end, and waits for them together.
    async fn stop_all(&mut self) {
        let mut told = Vec::new();
        let mut orders: Vec<(ProcessRef, Shutdown)> = Vec::new();
        for entry in std::mem::take(&mut self.children).into_values() {
            if let Some(process) = entry.process() {
                orders.push((ProcessRef::clone(process), entry.settings.shutdown));
                told.push(entry);
            }
        }
        let reasons = shut_down_all(&orders, self.pid).await;
        for ((entry, (process, _)), reason) in told.iter().zip(&orders).zip(&reasons) {
            self.report_shutdown(entry, process.head().pid, reason);
        }
    }

    fn report_shutdown(&self, entry: &Entry, pid: Pid, reason: &ExitReason) {
        if !as_expected(reason, &entry.settings) {
            self.report(entry, Some(pid), ChildEvent::ShutdownError, reason);
        }
    }

    fn report(&self, entry: &Entry, pid: Option<Pid>, event: ChildEvent, reason: &ExitReason) {
        report::supervisor(&about(&self.title, entry, pid), event, reason);
    }

    fn which(&self) -> Vec<ChildInfo> {
        self.children.values().map(|entry| entry.info(ChildId::Undefined {})).collect()
    }

    fn count(&self) -> ChildCounts {
        entry::count(self.children.values())
    }
}
