//! The process of a supervisor: it starts its children, and starts them again.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use crate::child_spec::{ChildId, ChildSettings, Restart};
use crate::gen_server::{
    Context, GenServer, InitResult, Next, ReplyTo, ServerOptions, ServerRef, StartError,
};
use crate::message::{Exit, Message};
use crate::name::Name;
use crate::pid::Pid;
use crate::process::block::display_name;
use crate::process::routes::Routes;
use crate::reason::ExitReason;
use crate::report::{self, ChildEvent, ChildReport, Occasion};
use crate::seam::{self, Instant};
use crate::supervisor::backoff::{Backoff, Retry};
use crate::supervisor::entry::{self, Entry, State, Up};
use crate::supervisor::error::{ChildError, FailedToStart};
use crate::supervisor::handles::Incarnations;
use crate::supervisor::intensity::Intensity;
use crate::supervisor::partition::PartitionError;
use crate::supervisor::shutdown::{as_expected, shut_down};
use crate::supervisor::{
    AutoShutdown, ChildCounts, ChildInfo, Strategy, Supervisor, SupervisorFlags, starting,
};
use crate::sync::Arc;

/// The server that a supervisor is.
///
/// It is reached through a [`SupervisorRef`](crate::SupervisorRef), which derefs to its handle, so
/// that the functions of [`sys`](crate::sys) take supervisors, too.
pub struct Server {
    flags: SupervisorFlags,
    /// The children in start order.
    children: BTreeMap<u64, Entry>,
    by_id: HashMap<ChildId, u64>,
    by_pid: HashMap<Pid, u64>,
    /// The same for everybody to see.
    incarnations: Arc<Incarnations>,
    next: u64,
    /// Where the children are, when they are partitions.
    pub(super) routes: Option<Arc<Routes>>,
    intensity: Intensity,
    epoch: Instant,
    pid: Pid,
    /// How the supervisor is called in reports.
    title: String,
}

/// What a supervisor can be asked; [`SupervisorRef`](crate::SupervisorRef) has a method for each.
pub struct Request(pub(super) Ask);

/// The requests.
pub(super) enum Ask {
    Which(ReplyTo<Vec<ChildInfo>>),
    Count(ReplyTo<ChildCounts>),
    Spec(ChildId, ReplyTo<Result<ChildSettings, ChildError>>),
    Start(Entry, ReplyTo<Result<Up, ChildError>>),
    Terminate(ChildId, ReplyTo<Result<(), ChildError>>),
    Restart(ChildId, ReplyTo<Result<Pid, ChildError>>),
    Delete(ChildId, ReplyTo<Result<(), ChildError>>),
    Resize(usize, ReplyTo<Result<usize, PartitionError>>),
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Supervisor")
            .field("flags", &self.flags)
            .field("children", &self.which())
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
    seq: u64,
    ticket: u64,
    /// The restart was counted already, and has waited for its time.
    waited: bool,
}

/// The supervisor has to end.
struct GiveUp;

impl GenServer for Server {
    type Args = Supervisor;
    type Request = Request;
    type Continue = crate::Never;
    type Client = ServerRef<Server>;

    const OPTIONS: ServerOptions = ServerOptions::new().trap_exit(true);

    fn name(args: &Supervisor) -> Option<Name> {
        args.name.clone()
    }

    async fn init(args: Supervisor, cx: &mut Context<Self>) -> InitResult<Self> {
        if args.ignored {
            return InitResult::ignore();
        }
        if args.flags.max_seconds == 0 {
            return InitResult::stop(ExitReason::error("max_seconds must be at least 1"));
        }
        let fault = args.flags.backoff.and_then(Backoff::fault);
        if let Some(fault) = fault.or_else(|| check_children(&args)) {
            return InitResult::stop(ExitReason::error(fault));
        }
        let mut server = Server::new(args.flags, cx);
        if let Some(routes) = args.routes {
            if let Err(fault) = routes.open(&**cx.block()) {
                return InitResult::stop(ExitReason::error(fault));
            }
            server.routes = Some(routes);
        }
        for entry in args.children {
            server.enter(entry);
        }
        match server.start_from(0, false).await {
            Ok(()) => InitResult::ok(server),
            Err((seq, error)) => {
                server.report(seq, None, ChildEvent::NotStarted, &ExitReason::from(error.clone()));
                let reason = server.failed_to_start(seq, error);
                server.stop_all().await;
                InitResult::stop(reason)
            }
        }
    }

    async fn handle(&mut self, request: Request, _: &mut Context<Self>) -> Next<Self> {
        match request.0 {
            Ask::Which(caller) => Next::answer(caller, self.which()),
            Ask::Count(caller) => Next::answer(caller, self.count()),
            Ask::Spec(id, caller) => Next::answer(caller, self.spec(&id)),
            Ask::Start(entry, caller) => Next::answer(caller, self.add(entry).await),
            Ask::Terminate(id, caller) => Next::answer(caller, self.terminate_child(&id).await),
            Ask::Restart(id, caller) => Next::answer(caller, self.restart_child(&id).await),
            Ask::Delete(id, caller) => Next::answer(caller, self.delete_child(&id)),
            Ask::Resize(count, caller) => Next::answer(caller, self.resize(count).await),
        }
    }

    async fn handle_info(&mut self, message: Message, cx: &mut Context<Self>) -> Next<Self> {
        let message = match message.downcast::<Exit>() {
            Ok(exit) => return self.child_ended(exit.from, &exit.reason).await.into_next(),
            Err(message) => message,
        };
        match message.downcast::<TryAgain>() {
            Ok(due) => self.try_again(due).await.into_next(),
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

/// What handling the end of a child comes to.
type Handled = Result<(), GiveUp>;

trait IntoNext {
    fn into_next(self) -> Next<Server>;
}

impl IntoNext for Handled {
    fn into_next(self) -> Next<Server> {
        match self {
            Ok(()) => Next::wait(),
            Err(GiveUp) => Next::stop(ExitReason::Shutdown),
        }
    }
}

/// What is wrong with the children that a supervisor is to start with.
fn check_children(supervisor: &Supervisor) -> Option<String> {
    let mut seen = HashSet::new();
    for child in &supervisor.children {
        let settings = &child.settings;
        if !seen.insert(settings.id.clone()) {
            return Some(format!("duplicate child id `{}`", settings.id));
        }
        if let Some(fault) = significance_fault(&supervisor.flags, child) {
            return Some(fault);
        }
    }
    None
}

fn significance_fault(flags: &SupervisorFlags, child: &Entry) -> Option<String> {
    let settings = &child.settings;
    if !settings.significant {
        None
    } else if settings.restart == Restart::Permanent {
        Some(format!("the permanent child `{}` cannot be significant", settings.id))
    } else if flags.auto_shutdown == AutoShutdown::Never {
        Some(format!(
            "the child `{}` cannot be significant while auto_shutdown is never",
            settings.id
        ))
    } else {
        None
    }
}

/// A child as it is reported.
pub(super) fn about<'a>(supervisor: &'a str, entry: &Entry, pid: Option<Pid>) -> ChildReport<'a> {
    let ChildSettings { id, restart, .. } = &entry.settings;
    ChildReport { supervisor, id: id.to_string(), pid, restart: *restart, restarts: entry.restarts }
}

impl Server {
    fn new(flags: SupervisorFlags, cx: &Context<Server>) -> Server {
        Server {
            flags,
            children: BTreeMap::new(),
            by_id: HashMap::new(),
            by_pid: HashMap::new(),
            incarnations: Incarnations::at(&**cx.block()),
            next: 0,
            routes: None,
            intensity: Intensity::new(flags.max_restarts, flags.max_seconds),
            epoch: seam::now(),
            pid: cx.pid(),
            title: display_name(&**cx.block()),
        }
    }

    /// Puts a child behind all others.
    fn enter(&mut self, entry: Entry) -> u64 {
        let seq = self.next;
        self.next += 1;
        self.by_id.insert(entry.settings.id.clone(), seq);
        self.children.insert(seq, entry);
        seq
    }

    fn forget(&mut self, seq: u64) {
        if let Some(entry) = self.children.remove(&seq) {
            self.by_id.remove(&entry.settings.id);
            self.incarnations.remove(&entry.settings.id);
        }
    }

    fn is_temporary(&self, seq: u64) -> bool {
        self.children.get(&seq).is_some_and(|e| e.settings.restart == Restart::Temporary)
    }

    /// Starts one child. `Ok(None)` when it chose not to run.
    async fn start_one(&mut self, seq: u64, occasion: Occasion) -> Result<Option<Up>, StartError> {
        let Some(entry) = self.children.get_mut(&seq) else { return Ok(None) };
        match starting::start(entry).await {
            Ok(up) => {
                self.by_pid.insert(up.0.head().pid, seq);
                self.incarnations.set(&entry.settings.id, up.0.head().pid);
                report::progress(&about(&self.title, entry, Some(up.0.head().pid)), occasion);
                entry.state = State::Running(up.0.clone());
                Ok(Some(up))
            }
            Err(StartError::Ignore) => {
                entry.state = State::Stopped;
                if self.is_temporary(seq) {
                    self.forget(seq);
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Starts the children from `first` on that do not run, in start order. Stops at the first
    /// failure and names the child.
    async fn start_from(&mut self, first: u64, again: bool) -> Result<(), (u64, StartError)> {
        let seqs: Vec<u64> = self.children.range(first..).map(|(seq, _)| *seq).collect();
        for seq in seqs {
            if self.children.get(&seq).is_none_or(|entry| entry.process().is_some()) {
                continue;
            }
            let occasion = if again { Occasion::Again } else { Occasion::First };
            let up = self.start_one(seq, occasion).await.map_err(|error| (seq, error))?;
            if let (true, Some(_), Some(entry)) = (again, up, self.children.get_mut(&seq)) {
                entry.restarts += 1;
            }
        }
        Ok(())
    }

    /// Ends one child and waits for its end; its spec stays, unless it is temporary.
    async fn stop_one(&mut self, seq: u64) {
        let Some(entry) = self.children.get_mut(&seq) else { return };
        let settings = entry.settings.clone();
        let state = std::mem::replace(&mut entry.state, State::Stopped);
        if let State::Running(process) = state {
            // From here on its end is expected, so an exit message of it is nobody's.
            self.by_pid.remove(&process.head().pid);
            let reason = shut_down(&process, self.pid, settings.shutdown).await;
            if !as_expected(&reason, &settings) {
                let pid = process.head().pid;
                self.report(seq, Some(pid), ChildEvent::ShutdownError, &reason);
            }
        }
        if self.is_temporary(seq) {
            self.forget(seq);
        }
    }

    /// Ends the children from `first` on, last child first.
    async fn stop_from(&mut self, first: u64) {
        let seqs: Vec<u64> = self.children.range(first..).rev().map(|(seq, _)| *seq).collect();
        for seq in seqs {
            self.stop_one(seq).await;
        }
    }

    async fn stop_all(&mut self) {
        self.stop_from(0).await;
    }

    /// Decides what the end of a process means. An end of a stranger means nothing.
    async fn child_ended(&mut self, pid: Pid, reason: &ExitReason) -> Handled {
        let Some(seq) = self.by_pid.remove(&pid) else { return Ok(()) };
        let Some(entry) = self.children.get_mut(&seq) else { return Ok(()) };
        entry.state = State::Stopped;
        let (restart, significant) = (entry.settings.restart, entry.settings.significant);
        let comes_back = match restart {
            Restart::Permanent => true,
            Restart::Transient => !reason.is_normal(),
            Restart::Temporary => false,
        };
        if comes_back || !reason.is_normal() {
            self.report(seq, Some(pid), ChildEvent::Terminated, reason);
        }
        if comes_back {
            return self.restart(seq, !reason.is_normal()).await;
        }
        if restart == Restart::Temporary {
            self.forget(seq);
        }
        if significant { self.significant_ended() } else { Ok(()) }
    }

    fn significant_ended(&self) -> Handled {
        let still_running =
            || self.children.values().any(|e| e.settings.significant && e.is_or_will_be_up());
        match self.flags.auto_shutdown {
            AutoShutdown::Never => Ok(()),
            AutoShutdown::AnySignificant => Err(GiveUp),
            AutoShutdown::AllSignificant if still_running() => Ok(()),
            AutoShutdown::AllSignificant => Err(GiveUp),
        }
    }

    /// Counts the restart of a child, and makes it: at once, or when it is time, if it has to wait.
    async fn restart(&mut self, seq: u64, abnormal: bool) -> Handled {
        let second = seam::now().duration_since(self.epoch).as_secs();
        if !self.intensity.allows(second) {
            self.report(seq, None, ChildEvent::GivingUp, &ExitReason::Shutdown);
            return Err(GiveUp);
        }
        match self.flags.backoff.filter(|_| abnormal) {
            Some(backoff) => self.put_off(seq, backoff.delay(self.intensity.in_a_row())).await,
            None => self.bring_back(seq).await,
        }
        Ok(())
    }

    /// Stops those that the strategy says, and has the child wait for its restart.
    async fn put_off(&mut self, seq: u64, delay: Duration) {
        match self.flags.strategy {
            Strategy::OneForOne => {}
            Strategy::RestForOne => self.stop_from(seq).await,
            Strategy::OneForAll => self.stop_all().await,
        }
        let retry = Retry::after(delay, self.pid, |ticket| TryAgain { seq, ticket, waited: true });
        self.set_restarting(seq, retry);
    }

    /// Brings a child back, with those that the strategy says.
    async fn bring_back(&mut self, seq: u64) {
        let restarted = match self.flags.strategy {
            Strategy::OneForOne => match self.start_one(seq, Occasion::Again).await {
                Ok(up) => {
                    if let (Some(_), Some(entry)) = (up, self.children.get_mut(&seq)) {
                        entry.restarts += 1;
                    }
                    Ok(())
                }
                Err(error) => Err((seq, error)),
            },
            Strategy::RestForOne => {
                self.stop_from(seq).await;
                self.start_from(seq, true).await
            }
            Strategy::OneForAll => {
                self.stop_all().await;
                self.start_from(0, true).await
            }
        };
        if let Err((seq, error)) = restarted {
            self.report(seq, None, ChildEvent::StartError, &ExitReason::from(error));
            let retry = Retry::next(self.pid, |ticket| TryAgain { seq, ticket, waited: false });
            self.set_restarting(seq, retry);
        }
    }

    fn set_restarting(&mut self, seq: u64, retry: Retry) {
        if let Some(entry) = self.children.get_mut(&seq) {
            entry.state = State::Restarting(retry);
        }
    }

    /// The next attempt of a restart, unless somebody called it off in the meantime.
    async fn try_again(&mut self, due: TryAgain) -> Handled {
        let TryAgain { seq, ticket, waited } = due;
        if !self.children.get(&seq).is_some_and(|entry| entry.is_due(ticket)) {
            return Ok(());
        }
        if waited {
            self.bring_back(seq).await;
            return Ok(());
        }
        self.restart(seq, true).await
    }

    fn failed_to_start(&self, seq: u64, error: StartError) -> ExitReason {
        let id = match self.children.get(&seq) {
            Some(entry) => entry.settings.id.to_string(),
            None => String::new(),
        };
        ExitReason::shutdown_with(FailedToStart {
            supervisor: self.title.clone(),
            child: id,
            error,
        })
    }

    fn report(&self, seq: u64, pid: Option<Pid>, event: ChildEvent, reason: &ExitReason) {
        if let Some(entry) = self.children.get(&seq) {
            report::supervisor(&about(&self.title, entry, pid), event, reason);
        }
    }

    fn which(&self) -> Vec<ChildInfo> {
        let info = |entry: &Entry| entry.info(entry.settings.id.clone());
        self.children.values().rev().map(info).collect()
    }

    fn count(&self) -> ChildCounts {
        entry::count(self.children.values())
    }

    fn spec(&self, id: &ChildId) -> Result<ChildSettings, ChildError> {
        let entry = self.by_id.get(id).and_then(|seq| self.children.get(seq));
        entry.map(|entry| entry.settings.clone()).ok_or(ChildError::NotFound)
    }

    async fn add(&mut self, entry: Entry) -> Result<Up, ChildError> {
        if let Some(seq) = self.by_id.get(&entry.settings.id) {
            return Err(match self.children.get(seq).and_then(Entry::process) {
                Some(process) => ChildError::AlreadyStarted(process.head().pid),
                None => ChildError::AlreadyPresent,
            });
        }
        if let Some(fault) = significance_fault(&self.flags, &entry) {
            return Err(ChildError::Invalid(fault));
        }
        let seq = self.enter(entry);
        match self.start_one(seq, Occasion::Asked).await {
            Ok(Some(up)) => Ok(up),
            Ok(None) => Err(ChildError::Start(StartError::Ignore)),
            Err(error) => {
                self.forget(seq);
                Err(ChildError::Start(error))
            }
        }
    }

    pub(super) async fn terminate_child(&mut self, id: &ChildId) -> Result<(), ChildError> {
        let seq = *self.by_id.get(id).ok_or(ChildError::NotFound)?;
        self.stop_one(seq).await;
        Ok(())
    }

    pub(super) async fn restart_child(&mut self, id: &ChildId) -> Result<Pid, ChildError> {
        let seq = self.stopped(id)?;
        match self.start_one(seq, Occasion::Asked).await {
            Ok(Some((process, _))) => Ok(process.head().pid),
            Ok(None) => Err(ChildError::Start(StartError::Ignore)),
            Err(error) => Err(ChildError::Start(error)),
        }
    }

    fn delete_child(&mut self, id: &ChildId) -> Result<(), ChildError> {
        let seq = self.stopped(id)?;
        self.forget(seq);
        Ok(())
    }

    /// The place of a child that neither runs nor is being restarted.
    fn stopped(&self, id: &ChildId) -> Result<u64, ChildError> {
        let seq = *self.by_id.get(id).ok_or(ChildError::NotFound)?;
        match self.children.get(&seq).map(|entry| &entry.state) {
            Some(State::Stopped) => Ok(seq),
            Some(State::Restarting(_)) => Err(ChildError::Restarting),
            Some(State::Running(_)) => Err(ChildError::Running),
            None => Err(ChildError::NotFound),
        }
    }
}
