//! Supervised servers that report their start and their end, and a supervisor with an owner.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use otp::{
    ChildError, ChildSpec, ChildState, ChildType, Context, Exit, ExitReason, GenServer, InitResult,
    Message, Never, Next, Pid, ServerRef, StartError, Supervisor, SupervisorRef, process,
};

use super::helpers::{down_reason, ms};
use super::show::{Outcome, Show, f};
use super::trace::{ev, nm};

/// How one start of a child goes.
#[derive(Clone)]
pub enum Act {
    Up,
    Ignore,
    Fail(ExitReason),
}

/// How a child is started, and how it behaves.
#[derive(Clone)]
pub struct Opts {
    pub id: &'static str,
    /// It does not trap exits.
    plain: bool,
    /// How long its `terminate` takes.
    slow: Duration,
    /// How its next starts go; all that follow succeed.
    acts: Arc<Mutex<VecDeque<Act>>>,
}

impl Opts {
    pub fn new(id: &'static str) -> Opts {
        Opts { id, plain: false, slow: Duration::ZERO, acts: Arc::default() }
    }

    pub fn plain(mut self) -> Opts {
        self.plain = true;
        self
    }

    pub fn slow(mut self, slow: Duration) -> Opts {
        self.slow = slow;
        self
    }

    pub fn acts(self, acts: impl IntoIterator<Item = Act>) -> Opts {
        self.acts.lock().unwrap_or_else(PoisonError::into_inner).extend(acts);
        self
    }

    pub fn spec(self) -> ChildSpec<Kid> {
        let id = self.id;
        ChildSpec::<Kid>::new(self).id(id)
    }

    fn next_act(&self) -> Act {
        let next = self.acts.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        next.unwrap_or(Act::Up)
    }
}

/// The spec of a child without anything special.
pub fn kid(id: &'static str) -> ChildSpec<Kid> {
    Opts::new(id).spec()
}

/// A child.
pub struct Kid {
    opts: Opts,
    /// It ends because it was told to.
    told: bool,
}

/// Ends a child with this reason.
struct Die(ExitReason);

impl GenServer for Kid {
    type Args = Opts;
    type Request = Never;
    type Continue = Never;
    type Client = ServerRef<Kid>;

    async fn init(opts: Opts, cx: &mut Context<Self>) -> InitResult<Self> {
        let id = opts.id;
        nm(cx.pid(), id);
        cx.trap_exit(!opts.plain);
        match opts.next_act() {
            Act::Up => {
                ev(format!("start {id}"));
                InitResult::ok(Kid { opts, told: false })
            }
            Act::Ignore => {
                ev(format!("ignore {id}"));
                InitResult::ignore()
            }
            Act::Fail(reason) => {
                ev(format!("fail {id}"));
                InitResult::stop(reason)
            }
        }
    }

    async fn handle(&mut self, never: Never, _: &mut Context<Self>) -> Next<Self> {
        match never {}
    }

    async fn handle_info(&mut self, message: Message, _: &mut Context<Self>) -> Next<Self> {
        match message.downcast::<Die>() {
            Ok(Die(reason)) => {
                self.told = true;
                Next::stop(reason)
            }
            Err(_) => Next::wait(),
        }
    }

    async fn terminate(&mut self, reason: &ExitReason, _: &mut Context<Self>) {
        let id = self.opts.id;
        if self.told {
            return ev(format!("{id} ends {}", f(reason)));
        }
        ev(format!("terminate {id} {}", f(reason)));
        if !self.opts.slow.is_zero() {
            process::sleep(self.opts.slow).await;
        }
    }
}

/// A supervisor, and the process that has started it.
pub struct Sup {
    pub handle: SupervisorRef,
    owner: Pid,
}

/// What the owner tells: how the start went, and how the supervisor ended.
struct Begun(Result<SupervisorRef, StartError>);
struct Ended(ExitReason);

/// What the owner is told: to end with this reason.
struct Leave(ExitReason);

/// Starts a supervisor from a process of its own, so that its end can be observed.
pub async fn try_sup(supervisor: Supervisor) -> Result<Sup, StartError> {
    let me = process::self_pid();
    let owner = process::spawn(async move {
        nm(process::self_pid(), "owner");
        process::trap_exit(true);
        let started = supervisor.start_link().await;
        let pid = started.as_ref().ok().and_then(SupervisorRef::pid);
        process::send(me, Begun(started));
        if let Some(pid) = pid {
            nm(pid, "sup");
            watch(me, pid).await;
        }
    });
    let Begun(started) = process::receive_type().await;
    started.map(|handle| Sup { handle, owner })
}

async fn watch(tell: Pid, supervisor: Pid) {
    loop {
        let message = match process::receive().await.downcast::<Leave>() {
            Ok(Leave(reason)) => process::exit(reason),
            Err(message) => message,
        };
        match message.downcast::<Exit>() {
            Ok(exit) if exit.from == supervisor => return process::send(tell, Ended(exit.reason)),
            _ => {}
        }
    }
}

/// Starts a supervisor that must come up.
pub async fn sup(supervisor: Supervisor) -> Sup {
    match try_sup(supervisor).await {
        Ok(sup) => sup,
        Err(error) => panic!("the supervisor did not start: {error}"),
    }
}

impl Sup {
    fn pid(&self) -> Pid {
        self.handle.pid().expect("the supervisor has a pid")
    }

    /// The pid of a child that runs.
    pub async fn child(&self, id: &'static str) -> Pid {
        let children = self.handle.which_children().await.expect("the supervisor runs");
        let child = children.iter().find(|child| child.id == id.into()).expect("the child exists");
        match child.state {
            ChildState::Running(pid) => pid,
            other => panic!("{id} is {other:?}"),
        }
    }

    /// Has a child end with this reason.
    pub async fn die(&self, id: &'static str, reason: ExitReason) {
        let pid = self.child(id).await;
        let monitor = process::monitor(pid);
        process::send(pid, Die(reason));
        down_reason(monitor).await;
        self.settle().await;
    }

    /// Kills a child.
    pub async fn kill_child(&self, id: &'static str) {
        let pid = self.child(id).await;
        let monitor = process::monitor(pid);
        ev(format!("signal {id} kill"));
        process::send_exit(pid, ExitReason::Kill);
        down_reason(monitor).await;
        self.settle().await;
    }

    /// Waits until the supervisor has handled everything that happened so far, or is gone.
    async fn settle(&self) {
        process::sleep(ms(15)).await;
        while let Ok(children) = self.handle.which_children().await {
            if children.iter().all(|child| child.state != ChildState::Restarting) {
                break;
            }
            process::sleep(ms(1)).await;
        }
    }

    /// Prints the children as the supervisor lists them.
    pub async fn show(&self) {
        let children = self.handle.which_children().await.expect("the supervisor runs");
        let row = |child: &otp::ChildInfo| {
            let state = match child.state {
                ChildState::Running(_) => "up",
                ChildState::Restarting => "restarting",
                _ => "undefined",
            };
            let kind = if child.kind == ChildType::Supervisor { "/sup" } else { "" };
            format!("{}={state}{kind}", child.id)
        };
        let rows: Vec<String> = children.iter().map(row).collect();
        ev(format!("children {}", rows.join(" ")));
    }

    /// Prints how many children there are.
    pub async fn counts(&self) {
        let counts = self.handle.count_children().await.expect("the supervisor runs");
        ev(format!(
            "counts specs={} active={} supervisors={} workers={}",
            counts.specs, counts.active, counts.supervisors, counts.workers
        ));
    }

    /// Kills the supervisor.
    pub fn kill(&self) {
        process::send_exit(self.pid(), ExitReason::Kill);
    }

    /// Ends the supervisor's parent, and prints how the supervisor ends.
    pub async fn leave(&self, reason: ExitReason) {
        let monitor = process::monitor(self.pid());
        process::send(self.owner, Leave(reason));
        if let Some(reason) = down_reason(monitor).await {
            ev(format!("sup down {}", f(&reason)));
        }
    }

    /// Prints how the supervisor ended.
    pub async fn exit(&self) {
        match process::receive_timeout(Message::downcast::<Ended>, ms(1500)).await {
            Some(Ended(reason)) => ev(format!("sup exit {}", f(&reason))),
            None => ev("sup alive"),
        }
    }
}

impl Show for ChildError {
    fn show(&self) -> String {
        match self {
            ChildError::NotFound => "not_found".to_owned(),
            ChildError::Running => "running".to_owned(),
            ChildError::Restarting => "restarting".to_owned(),
            ChildError::AlreadyStarted(pid) => format!("(already_started,{})", f(pid)),
            ChildError::AlreadyPresent => "already_present".to_owned(),
            ChildError::Start(error) => f(error),
            other => format!("{other:?}"),
        }
    }
}

impl<T: Show> Outcome for Result<T, ChildError> {
    fn outcome(&self) -> String {
        self.as_ref().map_or_else(|e| format!("ok (error,{})", f(e)), |v| format!("ok {}", f(v)))
    }
}
