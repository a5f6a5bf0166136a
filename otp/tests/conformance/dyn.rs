//! The scenarios of `golden/dyn.txt` about dynamic supervisors.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use otp::{
    ChildError, ChildId, ChildSpec, ChildState, ChildType, Context, DynamicSupervisor,
    DynamicSupervisorRef, Exit, ExitReason, GenServer, InitResult, Message, Next, Restart,
    ServerRef, StartError, process,
};

use super::helpers::{down_reason, down_ref, error, ms, next};
use super::show::f;
use super::trace::{ev, nm};
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    scenario!("DYN-T01", ["DYN-02", "DYN-03"], no_ids),
    scenario!("DYN-T02", ["DYN-07"], max_children),
    scenario!("DYN-T03", ["DYN-16"], terminate_child),
    scenario!("DYN-T04", ["DYN-09"], shared_arguments),
    scenario!("DYN-T05", ["DYN-10", "DYN-11", "DYN-12", "DYN-21"], restart_types),
    scenario!("DYN-T06", ["DYN-04", "DYN-05", "DYN-06"], failed_starts),
    scenario!("DYN-T07", ["DYN-15", "SUP-INT-05"], intensity),
    scenario!("DYN-T08", ["DYN-13"], ignored_restart),
];

/// A child that prints its start and its end.
struct Kid {
    id: &'static str,
    /// Whether it ends because it was told to.
    told: bool,
}

/// How a start goes.
#[derive(Clone)]
enum Act {
    Up,
    Ignore,
    Fail(ExitReason),
}

/// How a kid starts. When its plan is empty it simply does.
#[derive(Clone)]
struct Args {
    id: &'static str,
    trap: bool,
    plan: Arc<Mutex<VecDeque<Act>>>,
}

struct Die(ExitReason);

impl GenServer for Kid {
    type Args = Args;
    type Request = ();
    type Continue = otp::Never;
    type Client = ServerRef<Kid>;

    async fn init(args: Args, cx: &mut Context<Self>) -> InitResult<Self> {
        let id = args.id;
        nm(cx.pid(), id);
        cx.trap_exit(args.trap);
        let act = args.plan.lock().expect("nobody panics with it").pop_front();
        match act.unwrap_or(Act::Up) {
            Act::Up => {
                ev(format!("start {id}"));
                InitResult::ok(Kid { id, told: false })
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

    async fn handle(&mut self, (): (), _: &mut Context<Self>) -> Next<Self> {
        Next::wait()
    }

    async fn handle_info(&mut self, message: Message, _: &mut Context<Self>) -> Next<Self> {
        match message.downcast::<Die>() {
            Ok(Die(reason)) => {
                self.told = true;
                Next::stop(reason)
            }
            Err(message) => {
                assert!(message.is::<Exit>(), "nobody sends anything else");
                Next::wait()
            }
        }
    }

    async fn terminate(&mut self, reason: &ExitReason, _: &mut Context<Self>) {
        let id = self.id;
        ev(match self.told {
            true => format!("{id} ends {}", f(reason)),
            false => format!("terminate {id} {}", f(reason)),
        });
    }
}

/// A kid that traps exits.
fn kid(id: &'static str) -> ChildSpec<Kid> {
    planned(id, [])
}

fn planned(id: &'static str, plan: impl IntoIterator<Item = Act>) -> ChildSpec<Kid> {
    let plan = Arc::new(Mutex::new(plan.into_iter().collect()));
    ChildSpec::new(Args { id, trap: true, plan })
}

/// A kid that an exit signal ends at once.
fn plain(id: &'static str) -> ChildSpec<Kid> {
    ChildSpec::new(Args { id, trap: false, plan: Arc::default() })
}

async fn start(supervisor: DynamicSupervisor) -> DynamicSupervisorRef {
    let supervisor = supervisor.start_link().await.expect("it starts");
    nm(supervisor.pid().expect("it runs"), "dyn");
    supervisor
}

async fn up(supervisor: &DynamicSupervisorRef, spec: ChildSpec<Kid>) -> ServerRef<Kid> {
    supervisor.start_child(spec).await.expect("the child starts")
}

/// Has a kid end, and waits until its supervisor has dealt with that.
async fn die(supervisor: &DynamicSupervisorRef, kid: &ServerRef<Kid>, reason: ExitReason) {
    let pid = kid.pid().expect("it runs");
    let monitor = process::monitor(pid);
    process::send(pid, Die(reason));
    down_reason(monitor).await;
    process::sleep(ms(15)).await;
    supervisor.count_children().await.expect("the supervisor runs");
}

async fn counts(supervisor: &DynamicSupervisorRef) {
    let counts = supervisor.count_children().await.expect("the supervisor runs");
    let (specs, active) = (counts.specs, counts.active);
    let (supervisors, workers) = (counts.supervisors, counts.workers);
    ev(format!("counts specs={specs} active={active} supervisors={supervisors} workers={workers}"));
}

/// Prints an error as OTP returns it.
fn failed<T>(label: &str, outcome: Result<T, ChildError>) {
    let text = match outcome {
        Ok(_) => "ok".to_owned(),
        Err(ChildError::Start(StartError::Ignore)) => "ignore".to_owned(),
        Err(ChildError::Start(error)) => format!("(error,{})", f(&error)),
        Err(ChildError::MaxChildren) => "(error,max_children)".to_owned(),
        Err(ChildError::NotFound) => "(error,not_found)".to_owned(),
        Err(other) => format!("(error,{other:?})"),
    };
    ev(format!("{label} -> ok {text}"));
}

async fn no_ids() {
    let supervisor = start(DynamicSupervisor::new()).await;
    for _ in 0..2 {
        up(&supervisor, kid("a")).await;
    }
    let children = supervisor.which_children().await.expect("the supervisor runs");
    let rows: Vec<String> = children
        .iter()
        .map(|child| {
            let id = match child.id {
                ChildId::Undefined { .. } => "undefined",
                _ => "an id",
            };
            let is_pid = matches!(child.state, ChildState::Running(_));
            let kind = match child.kind {
                ChildType::Worker => "worker",
                ChildType::Supervisor => "supervisor",
            };
            // OTP's fourth element names the child's module, here its type.
            format!("({id},{is_pid},{kind},[Kid])")
        })
        .collect();
    ev(format!("[{}]", rows.join(",")));
    counts(&supervisor).await;
}

async fn max_children() {
    let supervisor = start(DynamicSupervisor::new().max_children(1)).await;
    let first = up(&supervisor, kid("a").restart(Restart::Temporary)).await;
    failed("second", supervisor.start_child(kid("b")).await);
    die(&supervisor, &first, ExitReason::Normal).await;
    up(&supervisor, kid("b")).await;
    ev("after exit -> ok up");
}

async fn terminate_child() {
    let supervisor = start(DynamicSupervisor::new()).await;
    let pid = up(&supervisor, kid("a")).await.pid().expect("it runs");
    failed("terminate", supervisor.terminate_child(pid).await);
    failed("again", supervisor.terminate_child(pid).await);
    failed("stranger", supervisor.terminate_child(process::self_pid()).await);
    counts(&supervisor).await;
}

/// What OTP's supervisor puts before the arguments of each child, the function that makes the specs
/// does here.
async fn shared_arguments() {
    let fixed = "fixed";
    let spec = || kid(fixed);
    let supervisor = start(DynamicSupervisor::new()).await;
    let child = up(&supervisor, spec()).await;
    die(&supervisor, &child, error("boom")).await;
    counts(&supervisor).await;
}

async fn restart_types() {
    let supervisor = start(DynamicSupervisor::new().max_restarts(100)).await;
    for (id, restart) in [
        ("permanent", Restart::Permanent),
        ("transient", Restart::Transient),
        ("temporary", Restart::Temporary),
    ] {
        for reason in [ExitReason::Normal, ExitReason::shutdown_with(1), error("boom")] {
            let child = up(&supervisor, kid(id).restart(restart)).await;
            die(&supervisor, &child, reason).await;
        }
    }
    counts(&supervisor).await;
}

async fn failed_starts() {
    let supervisor = start(DynamicSupervisor::new()).await;
    failed("ignore", supervisor.start_child(planned("a", [Act::Ignore])).await);
    failed("error", supervisor.start_child(planned("a", [Act::Fail(error("no"))])).await);
    let raises = ChildSpec::from_fn("r", || async { panic!("start of r") });
    match supervisor.start_child(raises).await {
        Err(ChildError::Start(error)) => ev(format!("raise {}", f(&error))),
        other => ev(format!("raise {other:?}")),
    }
    counts(&supervisor).await;
}

async fn intensity() {
    process::trap_exit(true);
    let supervisor = start(DynamicSupervisor::new().max_restarts(1)).await;
    let a = up(&supervisor, plain("a")).await;
    let b = up(&supervisor, plain("b")).await;
    die(&supervisor, &a, error("boom")).await;
    let pid = supervisor.pid().expect("it runs");
    let monitor = process::monitor(pid);
    process::send(b.pid().expect("it runs"), Die(error("boom")));
    down_ref(pid, monitor).await;
    next().await;
}

async fn ignored_restart() {
    let supervisor = start(DynamicSupervisor::new()).await;
    let child = up(&supervisor, planned("a", [Act::Up, Act::Ignore])).await;
    die(&supervisor, &child, error("boom")).await;
    counts(&supervisor).await;
}
