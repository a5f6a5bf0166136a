//! What is reported, to whom, and how much of it.

mod support;

use std::future::Future;
use std::time::Duration;

use otp_core::{
    ChildSpec, Context, ExitReason, GenServer, InitResult, Never, Next, Restart, ServerRef,
    Shutdown, Start, StartError, Supervisor, process,
};
use support::capture::{Capture, Line};
use support::tally::{Ask, Heard, Shown, Tally, heard};
use support::{Begin, Plan, Probe, Request, paused};
use tracing::Level;

const SECOND: Duration = Duration::from_secs(1);

fn error(text: &'static str) -> ExitReason {
    ExitReason::error(text)
}

/// Runs a test body, and gives what was reported under a target.
fn reported(target: &str, body: impl Future<Output = ()>) -> Vec<Line> {
    let (capture, _guard) = Capture::install();
    paused(body);
    capture.take(target)
}

async fn end(server: &ServerRef<Tally>) -> ExitReason {
    process::join(server.pid().unwrap()).await.unwrap()
}

/// GS-LOG-01, PROC-LIB-07.
#[test]
fn an_abnormal_end_is_reported_once_with_all_that_is_known() {
    let lines = reported("otp::crash", async {
        process::register(process::self_pid(), "the test").unwrap();
        let tally = Tally::start().await;
        let pid = tally.pid().unwrap();
        process::register(pid, "tally").unwrap();
        process::send(pid, "some text");
        tally.cast(Ask::Sleep(SECOND));
        process::send(pid, "some text");
        tally.cast(Ask::Stop(error("boom")));
        tally.cast(Ask::Add(1));
        tally.cast(Ask::Add(1));
        assert_eq!(end(&tally).await, error("boom"));
    });
    let [line] = &lines[..] else { panic!("one report: {lines:?}") };
    assert_eq!(line.level, Level::ERROR);
    assert_eq!(line.get("name"), "tally");
    assert!(line.get("pid").starts_with("#PID<"));
    assert!(line.get("server").ends_with("Tally"));
    assert_eq!(line.get("ancestors"), "the test");
    assert_eq!(line.get("last_message"), "Ask");
    assert_eq!(line.get("queue_len"), "2");
    assert_eq!(line.get("reason"), "boom");
    assert_eq!(line.get("state"), "");
}

/// GS-LOG-02, PROC-LIB-08.
#[test]
fn clean_ends_are_not_reported() {
    let lines = reported("otp::crash", async {
        let reasons =
            [ExitReason::Normal, ExitReason::Shutdown, ExitReason::shutdown_with("enough")];
        for reason in reasons {
            let tally = Tally::start().await;
            tally.cast(Ask::Stop(reason.clone()));
            process::join(tally.pid().unwrap()).await;
            assert_eq!(heard().await, [Heard::Terminate(reason.clone())]);
            let failed = Start::<Probe>::alone(Plan::new("a").init(Begin::Stop(reason.clone())));
            assert_eq!(failed.await.err(), Some(StartError::Exit(reason)));
        }
    });
    assert!(lines.is_empty(), "{lines:?}");
}

/// GS-LOG-03, GS-LOG-04: the hook decides what is seen; its panic costs neither the report nor the
/// reason.
#[test]
fn a_report_shows_the_state_that_the_server_shows() {
    let lines = reported("otp::crash", async {
        for shown in [Shown::Nothing, Shown::Count, Shown::Panics] {
            let tally = Tally::start_shown(shown).await;
            tally.cast(Ask::Add(2));
            tally.cast(Ask::Stop(error("boom")));
            assert_eq!(end(&tally).await, error("boom"));
        }
    });
    let states: Vec<&str> = lines.iter().map(|line| line.get("state")).collect();
    assert_eq!(states[..2], ["", "count 2"]);
    assert!(states[2].contains("no status today"));
    assert!(lines.iter().all(|line| line.get("reason") == "boom"));
}

/// PROC-INFO-04.
#[test]
fn a_label_is_shown_in_the_report() {
    let lines = reported("otp::crash", async {
        let pid = process::spawn(async {
            process::set_label("import of\nMay");
            panic!("no\u{1b}[2J disk\nsecond line");
        });
        process::join(pid).await;
    });
    let [line] = &lines[..] else { panic!("one report: {lines:?}") };
    assert_eq!(line.get("label"), "import of\\nMay");
    assert!(line.get("reason").ends_with("no\\u{1b}[2J disk\\nsecond line"), "{line:?}");
}

/// How [`Starting`] fails.
#[derive(Clone, Copy)]
enum Fail {
    Error,
    Stop,
}

struct Starting;

impl GenServer for Starting {
    type Args = Fail;
    type Request = Never;
    type Continue = Never;
    type Client = ServerRef<Starting>;

    async fn init(fail: Fail, _: &mut Context<Self>) -> InitResult<Self> {
        match fail {
            Fail::Error => otp_core::private::init::<Self, _>(Err::<Starting, _>("r")),
            Fail::Stop => InitResult::stop(error("r")),
        }
    }

    async fn handle(&mut self, never: Never, _: &mut Context<Self>) -> Next<Self> {
        match never {}
    }
}

/// GS-INIT-09.
#[test]
fn an_error_of_init_is_the_starters_business_and_a_stop_is_a_crash() {
    for (fail, reports) in [(Fail::Error, 0), (Fail::Stop, 1)] {
        let lines = reported("otp::crash", async {
            let failed = Start::<Starting>::alone(fail).await;
            assert_eq!(failed.err(), Some(StartError::Exit(error("r"))));
        });
        assert_eq!(lines.len(), reports, "{lines:?}");
    }
}

/// A message without a handler is reported once a minute and counted.
#[test]
fn messages_without_a_handler_are_reported_once_a_minute() {
    let lines = reported("otp::unhandled", async {
        let tally = Tally::start().await;
        let pid = tally.pid().unwrap();
        for _ in 0..100 {
            process::send(pid, 1_u64);
        }
        process::sleep(SECOND * 59).await;
        process::send(pid, 1_u64);
        process::sleep(SECOND * 2).await;
        process::send(pid, 1_u64);
        let status = otp_core::sys::get_status(&tally).await.unwrap();
        assert_eq!(status.unhandled, 102);
        tally.stop().await.unwrap();
    });
    let counts: Vec<&str> = lines.iter().map(|line| line.get("dropped")).collect();
    assert_eq!(counts, ["1", "102"]);
    assert!(lines.iter().all(|line| line.level == Level::WARN));
    assert_eq!(lines[0].get("message_type"), "u64");
}

fn child(plan: &Plan, restart: Restart) -> ChildSpec<Probe> {
    ChildSpec::<Probe>::new(plan.clone()).id(plan.id).restart(restart)
}

async fn pid_of(name: &'static str) -> otp_core::Pid {
    process::sleep(Duration::from_millis(1)).await;
    process::whereis(name).unwrap()
}

fn contexts(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.get("context")).collect()
}

/// SUP-LOG-01: a child that ends, and one that cannot come back until its supervisor gives up.
#[test]
fn supervisors_report_ends_failed_restarts_and_giving_up() {
    let lines = reported("otp::supervisor", async {
        process::trap_exit(true);
        let plan = Plan::new("kid").named("kid").script([Begin::Ok]).init(Begin::Stop(error("no")));
        let supervisor = Supervisor::one_for_one()
            .max_restarts(1)
            .child(child(&plan, Restart::Permanent))
            .name("sup")
            .start()
            .await
            .unwrap();
        let pid = supervisor.pid().unwrap();
        process::send_exit(pid_of("kid").await, error("boom"));
        assert_eq!(process::join(pid).await, Some(ExitReason::Shutdown));
    });
    assert_eq!(contexts(&lines), ["child_terminated", "start_error", "shutdown"]);
    assert!(lines.iter().all(|line| line.level == Level::ERROR));
    assert_eq!(lines[0].get("supervisor"), "sup");
    assert_eq!(lines[0].get("id"), "kid");
    assert!(lines[0].get("pid").starts_with("#PID<"));
    assert_eq!(lines[0].get("restart"), "permanent");
    assert_eq!((lines[0].get("reason"), lines[1].get("reason")), ("boom", "no"));
}

/// SUP-LOG-01: a failed start, and a surprising end while the child is shut down.
#[test]
fn supervisors_report_failed_starts_and_surprising_ends() {
    let lines = reported("otp::supervisor", async {
        let plan = Plan::new("kid").init(Begin::Stop(error("no")));
        let failed = Supervisor::one_for_one().child(child(&plan, Restart::Permanent)).start();
        assert!(failed.await.is_err());
    });
    assert_eq!(contexts(&lines), ["start_error"]);

    let lines = reported("otp::supervisor", async {
        let plan = Plan::new("slow").trap().named("slow");
        let slow = child(&plan, Restart::Permanent).shutdown(Shutdown::After(SECOND));
        let brutal = child(&Plan::new("brutal"), Restart::Permanent);
        let brutal = brutal.shutdown(Shutdown::BrutalKill);
        let supervisor = Supervisor::one_for_one().child(slow).child(brutal).start().await.unwrap();
        let busy = ServerRef::<Probe>::named("slow");
        tokio::spawn(async move {
            busy.call(|caller| Request::Sleep(SECOND * 60, caller)).infinity().await
        });
        process::sleep(Duration::from_millis(1)).await;
        supervisor.stop().await.unwrap();
    });
    assert_eq!(contexts(&lines), ["shutdown_error"]);
    assert_eq!((lines[0].get("id"), lines[0].get("reason")), ("slow", "killed"));
}

/// SUP-LOG-02.
#[test]
fn clean_ends_are_reported_of_permanent_children_only() {
    use ExitReason::{Normal, Shutdown as Down};
    for (restart, reason, reports) in [
        (Restart::Transient, Normal, 0),
        (Restart::Transient, Down, 0),
        (Restart::Temporary, Normal, 0),
        (Restart::Temporary, error("boom"), 1),
        (Restart::Permanent, Normal, 1),
        (Restart::Permanent, Down, 1),
    ] {
        let lines = reported("otp::supervisor", async {
            let spec = child(&Plan::new("kid").named("kid"), restart);
            let supervisor = Supervisor::one_for_one().child(spec).start().await.unwrap();
            let kid = ServerRef::<Probe>::named("kid");
            kid.stop().reason(reason).await.unwrap();
            supervisor.count_children().await.unwrap();
            supervisor.stop().await.unwrap();
        });
        assert_eq!(lines.len(), reports, "{restart:?}: {lines:?}");
    }
}

/// SUP-LOG-03.
#[test]
fn progress_is_told_of_automatic_starts_only() {
    let lines = reported("otp::progress", async {
        let own = child(&Plan::new("own").named("own"), Restart::Permanent);
        let supervisor = Supervisor::one_for_one().child(own).start().await.unwrap();
        let asked = child(&Plan::new("asked"), Restart::Permanent);
        supervisor.start_child(asked).await.unwrap();
        supervisor.terminate_child("asked").await.unwrap();
        supervisor.restart_child("asked").await.unwrap();
        process::send_exit(pid_of("own").await, error("boom"));
        pid_of("own").await;
        supervisor.stop().await.unwrap();
    });
    let told: Vec<_> = lines.iter().map(|line| (line.get("id"), line.level)).collect();
    let (info, debug) = (Level::INFO, Level::DEBUG);
    assert_eq!(told, [("own", info), ("asked", debug), ("asked", debug), ("own", info)]);
}

/// A storm of restarts is at most 20 lines, the last of which says how many are missing.
#[test]
fn a_storm_of_restarts_is_cut_short() {
    let (capture, _guard) = Capture::install();
    paused(async {
        let spec = child(&Plan::new("kid").named("kid"), Restart::Permanent);
        let supervisor =
            Supervisor::one_for_one().max_restarts(500).child(spec).start().await.unwrap();
        for _ in 0..400 {
            ServerRef::<Probe>::named("kid").cast(Request::StopCast(error("boom")));
            process::sleep(Duration::from_millis(1)).await;
        }
        process::sleep(SECOND * 3).await;
        supervisor.stop().await.unwrap();
    });
    let lines: Vec<Line> = ["otp::crash", "otp::supervisor", "otp::progress", "otp::report"]
        .iter()
        .flat_map(|target| capture.take(target))
        .collect();
    assert!(lines.len() <= 20, "{}", lines.len());
    let last = lines.last().unwrap();
    assert_eq!(last.target, "otp::report");
    let suppressed: usize = last.get("suppressed").parse().unwrap();
    assert_eq!(lines.len() - 2 + suppressed, 400 * 3); // all but the first start and the last line
}

/// APP-ENV-05: `get` cannot say that a value is of another type, so it is reported.
#[cfg(feature = "config")]
#[test]
fn a_value_of_another_type_is_reported_without_the_value() {
    let lines = reported("otp::env", async {
        otp_core::env::put("bank", "key", "sesame").unwrap();
        assert_eq!(otp_core::env::get::<u16>("bank", "key"), None);
        assert_eq!(otp_core::env::get::<u16>("bank", "other"), None);
    });
    let [line] = &lines[..] else { panic!("one report: {lines:?}") };
    assert_eq!(line.level, Level::WARN);
    assert_eq!(line.get("text"), "the value of bank.key is no `u16`");
}
