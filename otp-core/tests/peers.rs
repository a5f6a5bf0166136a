//! Defects that supervisors of other libraries had: each is a test here.

mod support;

use std::time::Duration;

use otp_core::{
    CallError, ChildId, ChildSpec, ChildState, Context, Down, Exit, ExitReason, GenServer,
    InitResult, Mailbox, Never, Next, Pid, ReplyTo, Restart, ServerOptions, ServerRef, Start,
    StartError, Supervisor, SupervisorRef, process,
};
use support::tally::{Ask, Shown, Tally, heard};
use support::{Begin, Plan, Probe, Request, Told, paused, threaded, told};

const SECOND: Duration = Duration::from_secs(1);

fn error(text: &'static str) -> ExitReason {
    ExitReason::error(text)
}

/// A child that traps exits, so that it tells of its end, named like its id.
fn child(id: &'static str) -> ChildSpec<Probe> {
    ChildSpec::<Probe>::new(Plan::new(id).trap().named(id)).id(id)
}

/// Ends a child with a reason, and waits until the supervisor has dealt with it.
async fn end(supervisor: &SupervisorRef, id: &'static str, reason: ExitReason) {
    let pid = process::whereis(id).expect("the child runs");
    ServerRef::<Probe>::named(id).cast(Request::StopCast(reason));
    process::join(pid).await;
    // The exit message lies in the mailbox before this request.
    let _ = supervisor.count_children().await;
}

fn init(id: &'static str) -> Told {
    Told::Init(id)
}

fn shut(id: &'static str) -> Told {
    Told::Terminate(id, ExitReason::Shutdown)
}

fn boom(id: &'static str) -> Told {
    Told::Terminate(id, error("boom"))
}

/// Wrong would be a budget for each child: then two children may fail for ever by turns, and the
/// supervisor's own supervisor never learns of it.
#[test]
fn one_budget_for_all_children_whose_end_is_the_end_of_the_supervisor() {
    paused(async {
        let supervisor = Supervisor::one_for_one().max_restarts(3).child(child("a"));
        let supervisor = supervisor.child(child("b")).child(child("c")).start().await.unwrap();
        let pid = supervisor.pid().unwrap();
        for id in ["a", "b", "c"] {
            end(&supervisor, id, error("boom")).await;
            assert!(process::is_alive(pid));
        }
        told().await;
        end(&supervisor, "a", error("boom")).await;
        assert!(!process::is_alive(pid));
        assert_eq!(told().await, [boom("a"), shut("c"), shut("b")]);
    });
}

/// Wrong would be a count that starts anew only after a quiet window: then a child that fails every
/// four seconds is given up, although no five seconds ever hold more than two restarts.
#[test]
fn slow_failures_never_add_up() {
    paused(async {
        let supervisor = Supervisor::one_for_one().max_restarts(2).max_seconds(5);
        let supervisor = supervisor.child(child("a")).start_link().await.unwrap();
        for _ in 0..50 {
            end(&supervisor, "a", error("boom")).await;
            process::sleep(SECOND * 4).await;
        }
        assert!(supervisor.is_alive());
    });
}

/// Wrong would be to stop siblings in start order, all at once, without a limit, or to start them
/// again in any other order than that of the specs.
#[test]
fn a_group_stops_in_reverse_with_limits_and_starts_in_order() {
    paused(async {
        let stubborn = || async {
            Ok(process::SpawnOptions::new().name("stubborn").link().spawn(async {
                process::trap_exit(true);
                std::future::pending::<()>().await;
            }))
        };
        let stubborn = ChildSpec::from_fn("stubborn", stubborn).shutdown(SECOND * 3);
        let supervisor = Supervisor::one_for_all()
            .child(child("a"))
            .child(stubborn)
            .child(child("b"))
            .child(child("c"))
            .child(child("d"));
        let supervisor = supervisor.start_link().await.unwrap();
        told().await;
        let old = process::monitor("stubborn");
        let start = tokio::time::Instant::now();
        end(&supervisor, "b", error("boom")).await;
        assert_eq!(start.elapsed(), SECOND * 3);
        let down: Down = process::receive_type().await;
        assert_eq!((down.monitor, down.reason), (old, ExitReason::Killed));
        let stops = [boom("b"), shut("d"), shut("c"), shut("a")];
        let starts = [init("a"), init("b"), init("c"), init("d")];
        assert_eq!(told().await, [stops, starts].concat());
    });
}

/// Wrong would be a new incarnation that runs its `init` while the old one is still in `terminate`:
/// both would have the same file open.
#[test]
fn a_new_incarnation_waits_for_the_last_word_of_the_old_one() {
    paused(async {
        let supervisor = Supervisor::one_for_one().max_restarts(100).child(child("a"));
        let supervisor = supervisor.start_link().await.unwrap();
        for _ in 0..50 {
            end(&supervisor, "a", error("boom")).await;
        }
        // A probe lets others run before it says that it has terminated.
        let told = told().await;
        assert_eq!(told.len(), 101);
        for (at, one) in told.iter().enumerate() {
            let expected = if at % 2 == 0 { init("a") } else { boom("a") };
            assert_eq!(*one, expected);
        }
    });
}

/// Wrong would be an `init` that fails in silence for those who were linked or watching already.
#[test]
fn a_failed_init_is_told_to_links_and_monitors() {
    paused(async {
        process::trap_exit(true);
        let failing = process::spawn(async {
            let plan = Plan::new("a").named("slow").script([]).init(Begin::Never);
            let _ = Start::<Probe>::alone(plan).await;
        });
        process::sleep(SECOND).await;
        let starting = process::whereis("slow").unwrap();
        process::link(starting).unwrap();
        let monitor = process::monitor(starting);
        process::send_exit(starting, error("no disk"));
        let exit: Exit = process::receive_type().await;
        let down: Down = process::receive_type().await;
        assert_eq!((exit.from, exit.reason), (starting, error("no disk")));
        assert_eq!((down.monitor, down.reason), (monitor, error("no disk")));
        process::join(failing).await;
    });
}

/// A server with room for one request, which it never finishes.
struct Narrow;

impl GenServer for Narrow {
    type Args = ();
    type Request = ();
    type Continue = Never;
    type Client = ServerRef<Narrow>;

    const OPTIONS: ServerOptions = ServerOptions::new().mailbox(Mailbox::bounded(1));

    async fn init((): (), _: &mut Context<Self>) -> InitResult<Self> {
        InitResult::ok(Narrow)
    }

    async fn handle(&mut self, (): (), _: &mut Context<Self>) -> Next<Self> {
        std::future::pending().await
    }
}

/// Wrong would be exit signals that wait for a place in a bounded mailbox: then a flooded child
/// cannot be stopped, and its supervisor waits for it for ever.
#[test]
fn signals_pass_a_full_mailbox() {
    paused(async {
        let supervisor = Supervisor::one_for_all().child(ChildSpec::<Narrow>::new(()));
        let supervisor = supervisor.child(child("a")).start_link().await.unwrap();
        let narrow = supervisor.child_of::<Narrow>();
        for _ in 0..100 {
            narrow.cast(());
        }
        process::sleep(SECOND).await;
        let start = tokio::time::Instant::now();
        let old = narrow.pid();
        end(&supervisor, "a", error("boom")).await;
        assert_ne!(narrow.pid(), old);
        supervisor.stop().await.unwrap();
        assert_eq!(start.elapsed(), Duration::ZERO);
        told().await;
    });
}

/// A child that asks its own supervisor, and waits for the answer.
struct Asking;

struct AskAbove(SupervisorRef, ReplyTo<()>);

impl GenServer for Asking {
    type Args = ();
    type Request = AskAbove;
    type Continue = Never;
    type Client = ServerRef<Asking>;

    async fn init((): (), cx: &mut Context<Self>) -> InitResult<Self> {
        cx.trap_exit(true);
        InitResult::ok(Asking)
    }

    async fn handle(&mut self, request: AskAbove, _: &mut Context<Self>) -> Next<Self> {
        let _ = request.0.count_children().await;
        Next::answer(request.1, ())
    }
}

/// Wrong would be two that wait for each other: a child that calls its supervisor while that waits
/// for the child's end.
#[test]
fn a_child_that_calls_its_supervisor_cannot_block_the_shutdown() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(ChildSpec::<Asking>::new(()));
        let supervisor = supervisor.child(child("slow").shutdown(SECOND)).start_link().await;
        let supervisor = supervisor.unwrap();
        let (asking, above) = (supervisor.child_of::<Asking>(), supervisor.clone());
        // The supervisor is busy for a second with the child behind, and then comes to this one.
        let slow = ServerRef::<Probe>::named("slow");
        tokio::spawn(async move { slow.call(|c| Request::Sleep(SECOND * 9, c)).infinity().await });
        process::sleep(SECOND / 10).await;
        let stopping = supervisor.clone();
        let stopped = tokio::spawn(async move { stopping.stop().await });
        process::sleep(SECOND / 10).await;
        let start = tokio::time::Instant::now();
        let asked = asking.call(|caller| AskAbove(above, caller)).infinity().await;
        assert!(asked.is_err());
        stopped.await.unwrap().unwrap();
        assert!(start.elapsed() < SECOND * 7); // its own limit of five seconds, at most
        told().await;
    });
}

/// Wrong would be a process that is entered into the table after its body runs: one that ends at
/// once is then entered for ever, or brings the whole runtime down.
#[test]
fn processes_that_end_at_once_leave_nothing() {
    threaded(async {
        let before = process::list().len();
        for _ in 0..2_000 {
            let (pid, monitor) = process::spawn_monitor(async {});
            let down: Down = process::receive_type().await;
            assert_eq!((down.monitor, down.pid), (monitor, Some(pid)));
        }
        assert_eq!(process::list().len(), before);
    });
}

/// Wrong would be to start new siblings over the old ones: the old ones run on, unsupervised, and
/// write to the same files.
#[test]
fn group_restarts_leave_no_orphans() {
    paused(async {
        for supervisor in [Supervisor::one_for_all(), Supervisor::rest_for_one()] {
            let nameless = |id| ChildSpec::<Probe>::new(Plan::new(id)).id(id);
            let supervisor = supervisor.max_restarts(100).child(child("a"));
            let supervisor = supervisor.child(nameless("b")).child(nameless("c"));
            let supervisor = supervisor.start_link().await.unwrap();
            let processes = process::list().len();
            let mut old: Vec<Pid> = Vec::new();
            for _ in 0..20 {
                old.extend(["b", "c"].map(|id| supervisor.child::<Probe>(id).pid().unwrap()));
                end(&supervisor, "a", error("boom")).await;
                assert!(old.iter().all(|pid| !process::is_alive(*pid)));
            }
            assert_eq!(process::list().len(), processes);
            supervisor.stop().await.unwrap();
        }
        told().await;
    });
}

/// Wrong would be a parent that stops on any end of a child, also on one in good order.
#[test]
fn the_normal_end_of_a_child_harms_nobody() {
    paused(async {
        let once = child("once").restart(Restart::Transient);
        let supervisor = Supervisor::one_for_all().max_restarts(0).child(child("a")).child(once);
        let supervisor = supervisor.start_link().await.unwrap();
        told().await;
        end(&supervisor, "once", ExitReason::Normal).await;
        assert_eq!(told().await, [Told::Terminate("once", ExitReason::Normal)]);
        let children = supervisor.which_children().await.unwrap();
        assert_eq!(children[0].state, ChildState::Stopped);
        assert!(matches!(children[1].state, ChildState::Running(_)));
    });
}

fn tally(id: &'static str) -> ChildSpec<Tally> {
    let tally = Tally { owner: process::self_pid(), count: 0, shown: Shown::Nothing };
    ChildSpec::<Tally>::new(tally).id(id)
}

/// Wrong would be a panic that ends the program, the thread or a sibling, and a restart that goes
/// on with the value that the panic left half changed.
#[test]
fn a_panic_costs_one_child_its_state_and_nothing_else() {
    paused(async {
        let supervisor = Supervisor::one_for_one().max_restarts(100);
        let supervisor = supervisor.child(tally("a")).child(tally("b")).start_link().await;
        let supervisor = supervisor.unwrap();
        let (a, b) = (supervisor.child::<Tally>("a"), supervisor.child::<Tally>("b"));
        b.cast(Ask::Add(1));
        for _ in 0..50 {
            a.cast(Ask::Add(7));
            assert_eq!(a.call(Ask::Get).await, Ok(7));
            let old = a.pid().unwrap();
            a.cast(Ask::Panic("oops"));
            process::join(old).await;
            supervisor.count_children().await.unwrap();
            assert_eq!((a.call(Ask::Get).await, b.call(Ask::Get).await), (Ok(0), Ok(1)));
        }
        heard().await;
    });
}

/// Wrong would be restarts without an end, each as fast as the last one.
#[test]
fn a_child_that_cannot_live_is_not_restarted_for_ever() {
    paused(async {
        let hopeless = Plan::new("a").named("a").script([Begin::Ok]).init(Begin::Panic);
        let supervisor = Supervisor::one_for_one().max_restarts(7);
        let supervisor = supervisor.child(ChildSpec::<Probe>::new(hopeless).id("a"));
        let supervisor = supervisor.start().await.unwrap();
        let pid = supervisor.pid().unwrap();
        ServerRef::<Probe>::named("a").cast(Request::StopCast(error("boom")));
        assert_eq!(process::join(pid).await, Some(ExitReason::Shutdown));
        let tries = told().await.iter().filter(|told| **told == init("a")).count();
        assert_eq!(tries, 1 + 7);
    });
}

/// Wrong would be a stop that says it is done while requests from before it are lost, and a second
/// one who waits for the same end and is never told.
#[test]
fn a_stop_comes_behind_what_was_asked_before_and_tells_everybody() {
    paused(async {
        let server = Tally::start().await;
        let pid = server.pid().unwrap();
        let waiting = [(); 5].map(|()| tokio::spawn(process::join(pid)));
        tokio::task::yield_now().await;
        for _ in 0..10 {
            server.cast(Ask::Add(1));
        }
        let count = tokio::spawn(server.call(Ask::Get).infinity());
        tokio::task::yield_now().await;
        server.stop().await.unwrap();
        assert_eq!(count.await.unwrap(), Ok(10));
        for waiting in waiting {
            assert_eq!(waiting.await.unwrap(), Some(ExitReason::Normal));
        }
        heard().await;
    });
}

/// Wrong would be a handle of the wrong type that harms the process behind the name.
#[test]
fn a_handle_of_another_type_finds_nobody_and_harms_nobody() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(child("a")).start_link().await.unwrap();
        for wrong in [ServerRef::<Tally>::named("a"), supervisor.child::<Tally>("a")] {
            wrong.cast(Ask::Panic("never"));
            assert_eq!(wrong.call(Ask::Get).await, Err(CallError::NoProc));
        }
        assert_eq!(ServerRef::<Probe>::named("a").call(Request::Ping).await, Ok("pong"));
        assert_eq!(supervisor.which_children().await.unwrap()[0].restarts, 0);
        told().await;
    });
}

/// Wrong would be a failed start that keeps its name: nobody could ever start under it again.
#[test]
fn a_failed_start_leaves_its_name_free() {
    paused(async {
        for begin in [Begin::Panic, Begin::Stop(error("no")), Begin::Ignore] {
            let plan = Plan::new("a").named("a").script([begin]);
            let failed = Start::<Probe>::alone(plan.clone()).await;
            assert!(matches!(failed, Err(StartError::Exit(_) | StartError::Ignore)));
            assert_eq!(process::whereis("a"), None);
            Start::<Probe>::alone(plan).await.unwrap().stop().await.unwrap();
        }
        told().await;
    });
}

/// Wrong would be a handle that is dead after the first restart of what it stands for.
#[test]
fn handles_reach_a_child_after_its_restart() {
    paused(async {
        let nameless = ChildSpec::<Probe>::new(Plan::new("b"));
        let supervisor = Supervisor::one_for_all().max_restarts(20).child(child("a"));
        let supervisor = supervisor.child(nameless).start_link().await.unwrap();
        let by_name = ServerRef::<Probe>::named("a");
        let by_id = supervisor.child::<Probe>(ChildId::of::<Probe>());
        for _ in 0..20 {
            assert_eq!(by_name.call(Request::Ping).await, Ok("pong"));
            assert_eq!(by_id.call(Request::Ping).await, Ok("pong"));
            end(&supervisor, "a", error("boom")).await;
        }
        told().await;
    });
}
