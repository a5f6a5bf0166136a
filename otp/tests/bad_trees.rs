//! Trees with something wrong in them: what the error says, and what is left behind.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use otp::prelude::*;
use otp::{CallError, FailedToStart, process, supervisor};
use tracing::field::{Field, Visit};

/// What the children did, in order.
#[derive(Clone, Debug, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    fn write(&self, line: impl fmt::Display) {
        self.0.lock().unwrap().push(line.to_string());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// What an endpoint does when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begin {
    Well,
    Panic,
    Never,
}

struct Part {
    name: &'static str,
    diary: Diary,
}

#[gen_server(trap_exit)]
impl Part {
    #[init]
    fn init(name: &'static str, diary: Diary) -> Self {
        diary.write(format!("+{name}"));
        Part { name, diary }
    }

    #[terminate]
    fn terminate(&mut self, _reason: &ExitReason) {
        self.diary.write(format!("-{}", self.name));
    }
}

struct Endpoint;

#[gen_server(name)]
impl Endpoint {
    #[init]
    async fn init(begin: Begin) -> Self {
        match begin {
            Begin::Well => Endpoint,
            Begin::Panic => panic!("port 80 is taken"),
            Begin::Never => std::future::pending().await,
        }
    }

    #[handle_cast]
    fn crash(&mut self) {
        panic!("told to");
    }
}

supervisor! {
    /// An endpoint two levels down, with children before it on each level.
    AppSup(diary: Diary, begin: Begin) {
        strategy: one_for_one,
        children: [
            Part("store", diary.clone()),
            Part("cache", diary.clone()) { id: "cache" },
            supervisor Web {
                strategy: one_for_all,
                children: [
                    Part("router", diary.clone()),
                    Endpoint(begin),
                    Part("late", diary.clone()) { id: "late" },
                ],
            },
            Part("last", diary) { id: "last" },
        ],
    }
}

const ROLLED_BACK: [&str; 6] = ["+store", "+cache", "+router", "-router", "-cache", "-store"];

/// What is at fault, from inside the error.
fn culprit(error: &StartError) -> FailedToStart {
    let StartError::Exit(ExitReason::ShutdownWith(term)) = error else { panic!("{error}") };
    term.downcast_ref::<FailedToStart>().expect("it names the child").clone()
}

#[otp::test]
async fn a_panic_deep_in_the_tree_is_named_with_its_path() {
    let diary = Diary::default();
    let before = process::list().len();
    let error = AppSup::start_link(diary.clone(), Begin::Panic).await.expect_err("it must fail");
    let text = error.to_string();
    assert!(text.starts_with("child `AppSup.Web.Endpoint` failed to start: "), "{text}");
    assert!(text.contains("port 80 is taken") && text.contains("bad_trees.rs:"), "{text}");
    assert!(!text.contains('\n'), "{text}");
    assert_eq!(culprit(&error).path(), "Web.Endpoint");
    assert_eq!(diary.take(), ROLLED_BACK);
    assert_eq!((process::list().len(), AppSup::client().pid()), (before, None));
}

#[otp::test]
async fn a_name_that_is_taken_is_named_with_its_holder() {
    let holder = Endpoint::start_link(Begin::Well).await.expect("the name is free");
    let diary = Diary::default();
    let error = AppSup::start_link(diary.clone(), Begin::Well).await.expect_err("it must fail");
    let pid = holder.pid().expect("it runs");
    let text = error.to_string();
    assert!(text.starts_with("child `AppSup.Web.Endpoint` failed to start: "), "{text}");
    assert!(text.ends_with(&format!("the name is held by {pid}")), "{text}");
    assert_eq!(diary.take(), ROLLED_BACK);
    assert_eq!(Endpoint::client().pid(), Some(pid));
}

#[otp::test]
async fn a_second_tree_of_the_same_name_is_refused() {
    let diary = Diary::default();
    let first = AppSup::start_link(diary.clone(), Begin::Well).await.expect("the name is free");
    diary.take();
    let second = AppSup::start_link(diary.clone(), Begin::Well).await;
    assert_eq!(second.err(), first.pid().map(StartError::AlreadyStarted));
    assert_eq!(diary.take(), [] as [&str; 0]);
}

/// Ids that are computed cannot be compared when the tree is compiled.
#[otp::test]
async fn computed_ids_that_clash_start_nothing() {
    let diary = Diary::default();
    let id = |n: u32| format!("shard {}", n % 2);
    let tree = supervisor! {
        strategy: one_for_one,
        children: [
            Part("a", diary.clone()) { id: id(1) },
            Part("b", diary.clone()) { id: id(2) },
            Part("c", diary.clone()) { id: id(3) },
        ],
    };
    let error = tree.start_link().await.expect_err("it must fail");
    assert_eq!(error.to_string(), "`init` failed: duplicate child id `shard 1`");
    assert_eq!(diary.take(), [] as [&str; 0]);

    let outer = supervisor! {
        strategy: one_for_one,
        children: [
            supervisor Shards {
                strategy: one_for_one,
                children: [
                    Part("a", diary.clone()) { id: id(1) },
                    Part("b", diary.clone()) { id: id(3) },
                ],
            },
        ],
    };
    let error = outer.name("Outer").start_link().await.expect_err("it must fail");
    let text = error.to_string();
    assert!(text.contains("`Outer.Shards`") && text.contains("duplicate child id"), "{text}");
}

/// The tree waits for an `init` that never ends; whoever started it is shut down meanwhile. All
/// that was started ends, in reverse.
#[otp::test(start_paused)]
async fn a_start_that_never_finishes_can_be_shut_down() {
    let diary = Diary::default();
    let starting = diary.clone();
    let starter = process::spawn(async move {
        let _ = AppSup::start_link(starting, Begin::Never).await;
    });
    process::sleep(Duration::from_secs(3600)).await;
    assert_eq!(diary.take(), ["+store", "+cache", "+router"]);
    let tree = AppSup::client().pid().expect("it is starting");
    let endpoint = Endpoint::client().pid().expect("it is starting");
    process::send_exit(starter, ExitReason::Shutdown);
    process::join(tree).await;
    assert_eq!(diary.take(), ["-router", "-cache", "-store"]);
    assert!(!process::is_alive(endpoint) && !process::is_alive(starter));
}

/// The same below a supervisor that runs: it can be stopped while it waits.
#[otp::test(start_paused)]
async fn a_supervisor_that_waits_for_a_child_can_be_shut_down() {
    let top = supervisor! {
        strategy: one_for_one,
        children: [supervisor Pool { strategy: one_for_one, children: [] }],
    };
    let top = top.start_link().await.expect("it starts");
    let pool = top.supervisor("Pool");
    let asked = pool.clone();
    process::spawn(async move { asked.start_child(Endpoint::child_spec(Begin::Never)).await });
    process::sleep(Duration::from_secs(1)).await;
    assert!(Endpoint::client().pid().is_some());
    top.terminate_child("Pool").await.expect("there is such a child");
    assert_eq!((pool.pid(), Endpoint::client().pid()), (None, None));
}

/// A start that may take too long is given a limit where it is made.
#[otp::test(start_paused)]
async fn a_start_with_a_limit_fails_in_time() {
    let endpoint = || async {
        let start = Endpoint::start_link(Begin::Never).timeout(Duration::from_secs(2));
        start.await?.pid().ok_or(StartError::Ignore)
    };
    let tree = Supervisor::one_for_one().name("Slow");
    let tree = tree.child(ChildSpec::from_fn("Endpoint", endpoint));
    let start = process::now();
    let error = tree.start_link().await.expect_err("it must fail");
    assert_eq!(process::now() - start, Duration::from_secs(2));
    let expected = "child `Slow.Endpoint` failed to start: `init` did not finish in time";
    assert_eq!((error.to_string().as_str(), Endpoint::client().pid()), (expected, None));
}

#[otp::test]
async fn what_makes_no_sense_is_refused_with_its_reason() {
    for (tree, part) in [
        (Supervisor::one_for_one().max_seconds(0), "max_seconds"),
        (
            Supervisor::one_for_one().backoff(Duration::from_secs(2)..Duration::from_secs(1)),
            "backoff",
        ),
        (
            Supervisor::one_for_one()
                .child(Endpoint::child_spec(Begin::Well).id("x").significant(true)),
            "`x`",
        ),
    ] {
        let error = tree.start_link().await.expect_err("it must fail").to_string();
        assert!(error.contains(part), "{error}");
    }
}

/// Counts the lines of a log.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<(&'static str, u64)>>>);

impl tracing::Subscriber for Lines {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("otp")
    }

    fn event(&self, event: &tracing::Event<'_>) {
        let mut suppressed = Suppressed(0);
        event.record(&mut suppressed);
        self.0.lock().unwrap().push((event.metadata().target(), suppressed.0));
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::Id {
        tracing::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::Id, _: &tracing::Id) {}
    fn enter(&self, _: &tracing::Id) {}
    fn exit(&self, _: &tracing::Id) {}
}

struct Suppressed(u64);

impl Visit for Suppressed {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "suppressed" {
            self.0 = value;
        }
    }
    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

/// A child that cannot stay up under a supervisor with much patience: ten seconds of it are at most
/// 20 lines, and the missing ones are counted.
#[otp::test(start_paused)]
async fn a_storm_of_restarts_is_twenty_lines() {
    let lines = Lines::default();
    let _listening = tracing::subscriber::set_default(lines.clone());
    let storm = supervisor! {
        strategy: one_for_one,
        max_restarts: 100_000,
        children: [Endpoint(Begin::Well)],
    };
    let storm = storm.start_link().await.expect("it starts");
    let start = process::now();
    let mut crashes = 0;
    while process::now() - start < Duration::from_secs(10) {
        Endpoint::client().crash();
        process::sleep(Duration::from_millis(2)).await;
        crashes += 1;
    }
    let within = lines.0.lock().unwrap().len();
    assert!(within <= 20, "{within}");
    process::sleep(Duration::from_secs(15)).await;
    storm.stop().await.expect("it stops");
    let lines = lines.0.lock().unwrap().clone();
    let counts: Vec<u64> =
        lines.iter().filter(|line| line.0 == "otp::report").map(|l| l.1).collect();
    let told = lines.len() - counts.len();
    // A crash, an end and a new start each time, and the first start.
    let all = u64::try_from(told).expect("few") + counts.iter().sum::<u64>();
    assert_eq!(all, crashes * 3 + 1);
}

/// A child whose init fails each time: the supervisor gives up after exactly the restarts that it
/// tolerates, without a pause and without a flood.
#[otp::test(start_paused)]
async fn a_hopeless_child_is_given_up() {
    let lines = Lines::default();
    let _listening = tracing::subscriber::set_default(lines.clone());
    let attempts = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&attempts);
    let hopeless = move || {
        let counted = Arc::clone(&counted);
        async move {
            *counted.lock().unwrap() += 1;
            if *counted.lock().unwrap() > 1 {
                return Err(StartError::Exit(ExitReason::error("no disk")));
            }
            Ok(process::spawn_link(async { process::exit(ExitReason::error("boom")) }))
        }
    };
    let tree = Supervisor::one_for_one().max_restarts(50);
    let tree = tree.child(ChildSpec::from_fn("hopeless", hopeless)).start().await;
    let tree = tree.expect("the first start succeeds");
    let pid = tree.pid().expect("it runs");
    assert!(matches!(process::join(pid).await, None | Some(ExitReason::Shutdown)));
    assert_eq!(*attempts.lock().unwrap(), 1 + 50);
    process::sleep(Duration::from_secs(10)).await;
    assert!(lines.0.lock().unwrap().len() <= 20);
    assert_eq!(tree.count_children().await, Err(CallError::NoProc));
}
