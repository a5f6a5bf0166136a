//! Partition supervisors: routing, restarts, resizing, names.

mod support;

use std::collections::HashSet;
use std::sync::Mutex;

use otp_core::process::{RegisterError, ViaName};
use otp_core::{
    ByHash, CallError, ChildId, ChildSpec, ChildState, ChildType, Down, DynamicSupervisor,
    DynamicSupervisorRef, ExitReason, Name, PartitionError, PartitionSupervisor,
    PartitionSupervisorRef, Pid, ServerRef, Start, StartError, Strategy, Supervisor, process, sys,
};
use support::{Begin, Plan, Probe, Request, Told, paused, threaded, told};

type Probes = PartitionSupervisorRef<Probe>;

/// Partitions whose plans say their number.
fn numbered(partitions: usize) -> PartitionSupervisor<Probe> {
    const IDS: [&str; 6] = ["0", "1", "2", "3", "4", "5"];
    PartitionSupervisor::new(ChildSpec::<Probe>::new(Plan::new("?").trap()))
        .partitions(partitions)
        .with_arguments(|plan, partition| Plan { id: IDS[partition], ..plan })
}

async fn up(supervisor: PartitionSupervisor<Probe>) -> Probes {
    let supervisor = supervisor.start_link().await.unwrap();
    told().await;
    supervisor
}

async fn pid_of(client: &ServerRef<Probe>) -> Pid {
    client.call(Request::SelfPid).await.unwrap()
}

/// The ids of the children with the pids of those that run, first partition first.
async fn children(supervisor: &Probes) -> Vec<(ChildId, Option<Pid>)> {
    let children = supervisor.which_children().await.unwrap();
    let pid = |state| match state {
        ChildState::Running(pid) => Some(pid),
        _ => None,
    };
    children.into_iter().rev().map(|child| (child.id, pid(child.state))).collect()
}

/// Ends a partition with a reason, and waits until the supervisor has dealt with it.
async fn end(supervisor: &Probes, partition: &ServerRef<Probe>, reason: ExitReason) {
    let pid = partition.pid().unwrap();
    partition.cast(Request::StopCast(reason));
    process::join(pid).await;
    // The exit message lies in the mailbox before this request.
    let _ = supervisor.count_children().await;
}

fn inits(told: &[Told]) -> Vec<&'static str> {
    let init = |told: &Told| match told {
        Told::Init(id) => Some(*id),
        _ => None,
    };
    told.iter().filter_map(init).collect()
}

/// PART-01.
#[test]
fn it_starts_the_copies_in_order_with_their_numbers_as_ids() {
    paused(async {
        let supervisor = numbered(3).start_link().await.unwrap();
        assert_eq!(inits(&told().await), ["0", "1", "2"]);
        let ids: Vec<String> =
            children(&supervisor).await.iter().map(|(id, _)| id.to_string()).collect();
        assert_eq!(ids, ["0", "1", "2"]);
        assert_eq!(children(&supervisor).await[2].0, ChildId::Index(2));
    });
}

/// PART-01: without a number there are as many as the runtime has workers.
#[test]
fn there_are_as_many_partitions_as_workers() {
    let plain = || PartitionSupervisor::new(ChildSpec::<Probe>::new(Plan::new("a")));
    threaded(async move {
        assert_eq!(plain().start_link().await.unwrap().partitions(), Ok(2));
    });
    paused(async move {
        assert_eq!(plain().start_link().await.unwrap().partitions(), Ok(1));
    });
}

/// PART-02: a child spec is an argument, `auto_shutdown` is no option, and so is a name, because
/// the handle of the start leads to the partitions; what is left is refused at the start.
#[test]
fn a_start_refuses_what_makes_no_sense() {
    paused(async {
        process::trap_exit(true);
        let refused = async |supervisor: PartitionSupervisor<Probe>| {
            let error = supervisor.start_link().await.expect_err("it must not start");
            let StartError::Exit(reason) = error else { panic!("{error:?}") };
            reason.to_string()
        };
        assert!(refused(numbered(0)).await.contains("partitions must be at least 1"));
        assert!(refused(numbered(1).max_seconds(0)).await.contains("max_seconds"));
        let significant = ChildSpec::<Probe>::new(Plan::new("a")).significant(true);
        let supervisor = PartitionSupervisor::new(significant).partitions(1);
        assert!(refused(supervisor).await.contains("cannot be significant"));
        assert_eq!(inits(&told().await), [""; 0]);
    });
}

/// PART-03.
#[test]
fn an_integer_leads_to_its_absolute_value_modulo_the_number() {
    paused(async {
        let supervisor = up(numbered(3)).await;
        let pids: Vec<Pid> =
            children(&supervisor).await.into_iter().filter_map(|child| child.1).collect();
        for (key, partition) in [(0, 0), (1, 1), (2, 2), (3, 0), (7, 1), (-1, 1), (-4, 1)] {
            assert_eq!(supervisor.of(key).pid(), Some(pids[partition]), "{key}");
        }
        assert_eq!(supervisor.of(i128::MIN).pid(), Some(pids[2]));
        assert_eq!(supervisor.of(i64::MIN).pid(), Some(pids[2]));
        assert_eq!(supervisor.of(u128::MAX).pid(), Some(pids[0]));
        assert_eq!(supervisor.of(7_u8).pid(), supervisor.of(-7_isize).pid());
    });
}

/// PART-04, PART-05: by a hash of the key that has no seed.
#[test]
fn any_other_key_always_leads_to_the_same_partition() {
    #[derive(Hash)]
    struct UserId(u64);

    paused(async {
        let (first, second) = (up(numbered(4)).await, up(numbered(4)).await);
        let place = async |supervisor: &Probes, pid: Option<Pid>| {
            children(supervisor).await.iter().position(|child| child.1 == pid)
        };
        let mut found = HashSet::new();
        for id in 0..200_u64 {
            let pid = first.of(("user", id)).pid();
            assert!(pid.is_some() && pid == first.of(("user", id)).pid());
            let key = ByHash(UserId(id));
            assert_eq!(first.of(&key).pid(), first.of(ByHash(&key)).pid());
            // Two supervisors with as many partitions agree.
            assert_eq!(
                place(&first, pid).await,
                place(&second, second.of(("user", id)).pid()).await
            );
            found.insert(pid);
        }
        assert_eq!(found.len(), 4);
        let owned = String::from("user:9");
        assert_eq!(first.of("user:9").pid(), first.of(&owned).pid());
        assert!(first.of(process::self_pid()).pid().is_some());
    });
}

/// PART-06: from the arguments of the spec and the number, at every start; or a spec for each.
#[test]
fn each_partition_may_have_arguments_of_its_own() {
    paused(async {
        let supervisor = up(numbered(3)).await;
        end(&supervisor, &supervisor.of(1), ExitReason::error("boom")).await;
        assert_eq!(inits(&told().await), ["1"]);
        let owner = process::self_pid();
        let each = PartitionSupervisor::from_fn(move |partition| {
            let plan = Plan { owner, ..Plan::new(["even", "odd"][partition % 2]) };
            ChildSpec::<Probe>::new(plan)
        });
        each.partitions(4).start_link().await.unwrap();
        assert_eq!(inits(&told().await), ["even", "odd", "even", "odd"]);
    });
}

/// PART-07, PART-08.
#[test]
fn it_lists_and_counts_like_a_supervisor() {
    paused(async {
        let workers = up(numbered(3)).await;
        let children = workers.which_children().await.unwrap();
        assert_eq!(children.len(), 3);
        assert_eq!(children[0].id.to_string(), "2");
        assert_eq!(children[0].kind, ChildType::Worker);
        assert_eq!(children[0].state, ChildState::Running(workers.of(2).pid().unwrap()));
        let counts = workers.count_children().await.unwrap();
        assert_eq!((counts.specs, counts.active, counts.supervisors, counts.workers), (3, 3, 0, 3));

        let inner = DynamicSupervisor::of::<Probe>().child_spec("inner");
        let nested = PartitionSupervisor::new(inner).partitions(2).start_link().await.unwrap();
        let counts = nested.count_children().await.unwrap();
        assert_eq!((counts.specs, counts.active, counts.supervisors, counts.workers), (2, 2, 2, 0));
        nested.of(1).start_child(ChildSpec::new(Plan::new("a"))).await.unwrap();
        let tree = nested.live_tree().await;
        let labels: Vec<&str> = tree.root().children.iter().map(|it| it.label.as_str()).collect();
        assert_eq!(labels, ["0", "1"]);
        assert_eq!(tree.root().children[1].children.len(), 1);
        // It is a supervisor, and so a server.
        assert!(sys::get_status(&*nested).await.is_ok());
    });
}

/// PART-09.
#[test]
fn the_number_of_partitions_is_known_while_it_runs() {
    paused(async {
        let stranger = Probes::named("nobody");
        assert_eq!(stranger.partitions(), Err(PartitionError::NoProc));
        assert_eq!(stranger.try_of(1).unwrap_err(), PartitionError::NoProc);
        assert_eq!(stranger.resize(1).await, Err(PartitionError::NoProc));
        assert_eq!(stranger.of(1).call(Request::Ping).await, Err(CallError::NoProc));
        let supervisor = up(numbered(3).name("probes")).await;
        assert_eq!(supervisor.partitions(), Ok(3));
        assert_eq!(Probes::named("probes").partitions(), Ok(3));
        assert_eq!(Probes::named("probes").pid(), supervisor.pid());
        // An ordinary supervisor has no partitions.
        Supervisor::one_for_one().name("plain").start_link().await.unwrap();
        assert_eq!(Probes::named("plain").partitions(), Err(PartitionError::NoProc));
        assert_eq!(Probes::named("plain").resize(0).await, Err(PartitionError::NoProc));
    });
}

/// PART-10, PART-11.
#[test]
fn a_resize_stops_and_starts_the_last_ones() {
    paused(async {
        let supervisor = up(numbered(4)).await;
        let first = pid_of(&supervisor.of(0)).await;
        let last = supervisor.of(3);
        assert_eq!(supervisor.resize(2).await, Ok(4));
        let ended = |id| Told::Terminate(id, ExitReason::Shutdown);
        assert_eq!(told().await, [ended("3"), ended("2")]);
        assert_eq!(supervisor.partitions(), Ok(2));
        // Keys go over the new number, also those of a client from before.
        assert_eq!(last.pid(), supervisor.of(1).pid());
        assert_eq!(supervisor.of(2).pid(), Some(first));
        let counts = supervisor.count_children().await.unwrap();
        assert_eq!((counts.specs, counts.active), (4, 2));

        assert_eq!(supervisor.resize(3).await, Ok(2));
        assert_eq!(inits(&told().await), ["2"]);
        assert_eq!(supervisor.resize(3).await, Ok(3));
        assert_eq!(supervisor.resize(4).await, Ok(3));
        assert_eq!(last.pid(), children(&supervisor).await[3].1);
        assert_eq!(supervisor.of(0).pid(), Some(first), "what stays is not touched");
    });
}

/// PART-12.
#[test]
fn there_are_from_zero_to_the_first_number_of_partitions() {
    paused(async {
        let supervisor = up(numbered(2)).await;
        let client = supervisor.of("key");
        assert_eq!(supervisor.resize(0).await, Ok(2));
        assert_eq!(supervisor.partitions(), Ok(0));
        assert_eq!(supervisor.try_of("key").unwrap_err(), PartitionError::NoPartitions);
        assert_eq!(client.call(Request::Ping).await, Err(CallError::NoProc));
        assert_eq!(process::whereis(supervisor.name_of(u128::MAX)), None);
        let too_many = PartitionError::TooMany { asked: 3, most: 2 };
        assert_eq!(supervisor.resize(3).await, Err(too_many.clone()));
        assert_eq!(too_many.to_string(), "there can be 0 to 2 partitions, not 3");
        assert_eq!(supervisor.resize(2).await, Ok(0));
        assert_eq!(supervisor.try_of("key").unwrap().call(Request::Ping).await, Ok("pong"));
    });
}

/// PART-10: an error changes nothing.
#[test]
fn a_resize_that_fails_leaves_the_number_as_it_was() {
    paused(async {
        let script =
            [Begin::Ok, Begin::Ok, Begin::Ok, Begin::Ok, Begin::Stop(ExitReason::error("no"))];
        let plan = Plan::new("a").script(script);
        let supervisor = PartitionSupervisor::new(ChildSpec::<Probe>::new(plan)).partitions(3);
        let supervisor = up(supervisor).await;
        assert_eq!(supervisor.resize(1).await, Ok(3));
        let error = supervisor.resize(3).await.unwrap_err();
        assert!(matches!(error, PartitionError::Start { partition: 2, .. }), "{error:?}");
        assert_eq!(supervisor.partitions(), Ok(1));
        assert_eq!(supervisor.count_children().await.unwrap().active, 1);
        assert_eq!(supervisor.resize(3).await, Ok(1));
    });
}

/// PART-13.
#[test]
fn a_partition_that_crashed_is_found_again_under_its_number() {
    paused(async {
        let supervisor = up(numbered(3)).await;
        let before = children(&supervisor).await;
        let client = supervisor.of(1);
        end(&supervisor, &client, ExitReason::error("boom")).await;
        let after = children(&supervisor).await;
        assert_ne!(client.pid(), before[1].1);
        assert_eq!((client.pid(), &client.pid()), (after[1].1, &supervisor.of(1).pid()));
        assert_eq!(client.call(Request::Ping).await, Ok("pong"));
        assert_eq!((after[0].1, after[2].1), (before[0].1, before[2].1), "the others live on");
        assert_eq!(supervisor.which_children().await.unwrap()[1].restarts, 1);
    });
}

/// PART-13: between its end and its restart a partition is nobody.
#[test]
fn a_partition_that_waits_for_its_restart_is_not_there() {
    paused(async {
        let plan = Plan::new("a").script([Begin::Ok, Begin::Ignore]);
        let supervisor = PartitionSupervisor::new(ChildSpec::<Probe>::new(plan)).partitions(1);
        let supervisor = up(supervisor).await;
        let client = supervisor.try_of(0).unwrap();
        end(&supervisor, &client, ExitReason::error("boom")).await;
        assert_eq!(client.pid(), None);
        let taken = process::register(process::self_pid(), supervisor.name_of(0));
        assert_eq!(taken, Err(RegisterError::NoRegistry), "and nobody else can be it");
        assert_eq!(client.call(Request::Ping).await, Err(CallError::NoProc));
    });
}

/// PART-14: calls, casts, messages, monitors, whereis; and the supervisor under any name.
#[test]
fn a_partition_is_addressed_wherever_a_name_is() {
    paused(async {
        let outer = up(numbered(2).name("outer")).await;
        let name = outer.name_of(1);
        let pid = outer.of(1).pid();
        assert_eq!(process::whereis(name.clone()), pid);
        assert_eq!(ServerRef::<Probe>::named(name.clone()).call(Request::Ping).await, Ok("pong"));
        process::send(name.clone(), "hello");
        let monitor = process::monitor(name.clone());
        outer.of(1).cast(Request::StopCast(ExitReason::Normal));
        let down = process::receive_type::<Down>().await;
        assert_eq!((down.monitor, down.pid, &down.reason), (monitor, pid, &ExitReason::Normal));
        assert!(told().await.contains(&Told::Info("hello")));
        assert_eq!(Probes::named("outer").name_of(1), Probes::named("outer").name_of(1));
        assert_ne!(Probes::named("outer").name_of(1), Probes::named("outer").name_of(2));
        assert_eq!(Probes::named("outer").name_of(1).to_string(), "outer[1]");

        // A partition supervisor whose name is a partition's cannot be: those names are not given.
        let taken = Start::<Probe>::link(Plan::new("b")).name(outer.name_of(0)).await;
        assert_eq!(taken.unwrap_err(), StartError::AlreadyStarted(outer.of(0).pid().unwrap()));
        // One inside another is found through it.
        let inner = numbered(2).child_spec("inner");
        let nested = PartitionSupervisor::new(inner).partitions(2).start_link().await.unwrap();
        let partition = nested.of("a").of("b");
        assert_eq!(partition.call(Request::Ping).await, Ok("pong"));
        assert_ne!(nested.of(0).of(0).pid(), nested.of(1).of(0).pid());
    });
}

/// A registry with one place; it is for one test only.
static DESK: Mutex<Option<Pid>> = Mutex::new(None);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Desk;

impl ViaName for Desk {
    fn whereis(&self) -> Option<Pid> {
        *DESK.lock().unwrap()
    }

    fn register(&self, pid: Pid) -> Result<(), RegisterError> {
        match DESK.lock().unwrap().replace(pid) {
            Some(holder) => Err(RegisterError::Taken(holder)),
            None => Ok(()),
        }
    }

    fn unregister(&self, _: Pid) {
        *DESK.lock().unwrap() = None;
    }
}

/// PART-14: under a name that another registry keeps.
#[test]
fn the_supervisor_may_have_a_name_of_a_registry() {
    paused(async {
        let supervisor = up(numbered(2).name(Name::via(Desk))).await;
        let probes = Probes::named(Name::via(Desk));
        assert_eq!(probes.pid(), supervisor.pid());
        assert_eq!(probes.of(1).call(Request::Ping).await, Ok("pong"));
        assert_eq!(process::whereis(probes.name_of(1)), supervisor.of(1).pid());
        probes.stop().await.unwrap();
        assert_eq!(probes.of(1).pid(), None);
        assert_eq!(Desk.whereis(), None);
    });
}

/// PART-15.
#[test]
fn a_stop_is_waited_for_and_frees_the_name() {
    paused(async {
        let supervisor = up(numbered(2).name("probes")).await;
        let client = Probes::named("probes").of(0);
        supervisor.stop().await.unwrap();
        let ended = |id| Told::Terminate(id, ExitReason::Shutdown);
        assert_eq!(told().await, [ended("1"), ended("0")]);
        assert_eq!(process::whereis("probes"), None);
        assert_eq!(supervisor.partitions(), Err(PartitionError::NoProc));
        assert_eq!(client.pid(), None);
        let again = up(numbered(2).name("probes")).await;
        assert_eq!(client.pid(), again.of(0).pid());
    });
}

/// PART-15: the routes go with the supervisor, also when it is killed.
#[test]
fn a_killed_supervisor_leaves_no_routes() {
    paused(async {
        process::trap_exit(true);
        let supervisor = up(numbered(2)).await;
        let pid = supervisor.pid().unwrap();
        process::send_exit(pid, ExitReason::Kill);
        process::join(pid).await;
        assert_eq!(supervisor.partitions(), Err(PartitionError::NoProc));
    });
}

/// PART-16.
#[test]
fn one_for_one_and_three_restarts_in_five_seconds_unless_said_otherwise() {
    paused(async {
        process::trap_exit(true);
        let supervisor = up(numbered(2)).await;
        for _ in 0..3 {
            end(&supervisor, &supervisor.of(1), ExitReason::error("boom")).await;
        }
        assert_eq!(inits(&told().await), ["1", "1", "1"], "only the one that ended");
        let pid = supervisor.pid().unwrap();
        supervisor.of(1).cast(Request::StopCast(ExitReason::error("boom")));
        process::join(pid).await;
        assert_eq!(supervisor.partitions(), Err(PartitionError::NoProc));

        told().await;
        let all = up(numbered(3).strategy(Strategy::OneForAll).max_restarts(1)).await;
        end(&all, &all.of(1), ExitReason::error("boom")).await;
        assert_eq!(inits(&told().await), ["0", "1", "2"]);
        assert_eq!(all.of(1).call(Request::Ping).await, Ok("pong"));
    });
}

/// PART-16: as a child it has all its partitions again after a restart, in new routes.
#[test]
fn it_is_a_child_of_another_supervisor() {
    paused(async {
        let spec = numbered(3).name("probes").child_spec("probes");
        let top = Supervisor::one_for_one().child(spec).start_link().await.unwrap();
        told().await;
        let probes = Probes::named("probes");
        assert_eq!(probes.resize(1).await, Ok(3));
        let (pid, client) = (probes.pid().unwrap(), probes.of(0));
        process::send_exit(pid, ExitReason::Kill);
        process::join(pid).await;
        let _ = top.count_children().await;
        assert_ne!(probes.pid(), Some(pid));
        assert_eq!(probes.partitions(), Ok(3));
        assert_eq!(client.call(Request::Ping).await, Ok("pong"));
        assert_eq!(top.get_childspec("probes").await.unwrap().kind, ChildType::Supervisor);
    });
}

/// Copies cannot share the one name of a type, so they have none; a name that is a text stays.
#[test]
fn copies_have_no_name_of_their_type() {
    paused(async {
        process::trap_exit(true);
        let named = DynamicSupervisor::new().name("workers").child_spec("workers");
        let copies = PartitionSupervisor::new(named).partitions(2).start_link().await.unwrap();
        assert_eq!(DynamicSupervisorRef::<otp_core::AnyChild>::named("workers").pid(), None);
        assert_ne!(copies.of(0).pid(), copies.of(1).pid());
        let shared = ChildSpec::<Probe>::new(Plan::new("a").named("shared"));
        let shared = PartitionSupervisor::new(shared).partitions(2).start().await;
        assert!(shared.is_err());
        let given = DynamicSupervisor::new().child_spec("a").name(Name::from("given"));
        PartitionSupervisor::new(given).partitions(1).start_link().await.unwrap();
        assert!(process::whereis("given").is_some());
    });
}

/// Look-ups from plain threads and tasks while partitions crash: each finds a partition or none.
#[test]
fn look_ups_and_restarts_at_the_same_time() {
    threaded(async {
        let supervisor = up(numbered(3).max_restarts(1_000)).await;
        let looking: Vec<_> = (0..2)
            .map(|_| {
                let supervisor = supervisor.clone();
                tokio::spawn(async move {
                    let mut found = 0;
                    for key in 0..2_000_u32 {
                        found += u32::from(supervisor.of(key).pid().is_some());
                    }
                    found
                })
            })
            .collect();
        for round in 0..30_u32 {
            end(&supervisor, &supervisor.of(round), ExitReason::Normal).await;
            let size = 1 + round as usize % 3;
            supervisor.resize(size).await.unwrap();
        }
        for looked in looking {
            assert!(looked.await.unwrap() > 0);
        }
        supervisor.resize(3).await.unwrap();
        for key in 0..3 {
            assert_eq!(supervisor.of(key).call(Request::Ping).await, Ok("pong"));
        }
    });
}
