//! Looking into running servers, and holding them still.

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use otp_core::sys::{self, DebugId, DebugOption, Event, SysError};
use otp_core::{
    CallError, ChildSpec, Context, ExitReason, GenServer, InitResult, Mailbox, Never, Next,
    ServerOptions, ServerRef, Start, Supervisor, process,
};
use support::capture::Capture;
use support::tally::{Ask, Heard, Shown, Tally, heard};
use support::{Plan, Probe, paused, threaded};

const SECOND: Duration = Duration::from_secs(1);

fn error(text: &'static str) -> ExitReason {
    ExitReason::error(text)
}

/// SYS-01, SYS-04.
#[test]
fn the_state_can_be_read_and_the_server_goes_on() {
    paused(async {
        let tally = Tally::start().await;
        tally.cast(Ask::Add(3));
        let state = sys::get_state(&tally).await.unwrap();
        assert_eq!((state.count, state.owner), (3, process::self_pid()));
        assert_eq!(sys::with_state(&tally, |state| state.count + 1).await, Ok(4));
        assert_eq!(tally.call(Ask::Get).await, Ok(3));
        assert_eq!(heard().await, [Heard::Add(3)]);
        tally.stop().await.unwrap();
    });
}

/// SYS-02: the requests keep their place among the messages, so nothing comes in between.
#[test]
fn the_state_is_replaced_between_two_messages() {
    threaded(async {
        let tally = Tally::start().await;
        let replacers: Vec<_> = (0..8)
            .map(|_| {
                let tally = tally.clone();
                tokio::spawn(async move {
                    for _ in 0..50 {
                        tally.cast(Ask::Add(1));
                        sys::replace_state(&tally, |state| state.count += 1).await.unwrap();
                    }
                })
            })
            .collect();
        for replacer in replacers {
            replacer.await.unwrap();
        }
        assert_eq!(tally.call(Ask::Get).await, Ok(800));
        let new = sys::replace_state(&tally, |state| state.count = 7).await.unwrap();
        assert_eq!(new.count, 7);
        let doubled = |state: &Tally| Tally { count: state.count * 2, ..state.clone() };
        assert_eq!(sys::replace_state_with(&tally, doubled).await, Ok(()));
        assert_eq!(tally.call(Ask::Get).await, Ok(14));
        tally.stop().await.unwrap();
    });
}

/// SYS-03.
#[test]
fn a_failing_replacement_changes_nothing() {
    paused(async {
        let tally = Tally::start().await;
        let failing = sys::replace_state(&tally, |state| {
            state.count = 9;
            panic!("no");
        });
        let Err(SysError::Panicked(ExitReason::Crash(crash))) = failing.await else {
            panic!("the panic must come back");
        };
        assert_eq!(crash.message(), "no");
        let exiting = sys::replace_state_with(&tally, |_| process::exit(error("gone")));
        assert_eq!(exiting.await, Err(SysError::Panicked(error("gone"))));
        assert_eq!(sys::with_state(&tally, |_| -> u8 { panic!("no") }).await.ok(), None);
        assert_eq!(tally.call(Ask::Get).await, Ok(0));
        assert_eq!(heard().await, []);
        tally.stop().await.unwrap();
    });
}

/// SYS-05, SYS-06, SYS-07.
#[test]
fn a_suspended_server_keeps_its_messages_in_order() {
    paused(async {
        let tally = Tally::start().await;
        let pid = tally.pid().unwrap();
        for _ in 0..2 {
            sys::suspend(&tally).await.unwrap();
        }
        tally.cast(Ask::Add(1));
        process::send(pid, "two");
        tally.cast(Ask::Add(3));
        assert_eq!(tally.call(Ask::Get).timeout(SECOND).await, Err(CallError::Timeout));

        let status = sys::get_status(&tally).await.unwrap();
        assert_eq!((status.suspended, status.message_queue_len), (true, 4));
        assert_eq!(process::info(pid).unwrap().message_queue_len, 4);
        assert_eq!(sys::get_state(&tally).await.unwrap().count, 0);
        sys::replace_state(&tally, |state| state.count = 10).await.unwrap();
        assert_eq!(heard().await, []);

        for _ in 0..2 {
            sys::resume(&tally).await.unwrap();
        }
        assert_eq!(tally.call(Ask::Get).await, Ok(14));
        assert_eq!(heard().await, [Heard::Add(1), Heard::Info("two"), Heard::Add(3)]);
        let status = sys::get_status(&tally).await.unwrap();
        assert_eq!((status.suspended, status.message_queue_len), (false, 0));
        tally.stop().await.unwrap();
    });
}

/// SYS-05: what waits keeps its place in a bounded mailbox.
#[test]
fn a_suspended_server_keeps_its_bound() {
    paused(async {
        let server = Start::<Bounded>::alone(()).await.unwrap();
        sys::suspend(&server).await.unwrap();
        for number in 0..10 {
            server.cast(Push(number));
            process::sleep(Duration::from_millis(1)).await;
        }
        let status = sys::get_status(&server).await.unwrap();
        assert_eq!((status.suspended, status.message_queue_len), (true, 4));
        sys::resume(&server).await.unwrap();
        assert_eq!(sys::with_state(&server, |state| state.0.clone()).await.unwrap(), [0, 1, 2, 3]);
        server.cast(Push(10));
        sys::log(&server, 9).await.unwrap();
        assert_eq!(sys::with_state(&server, |state| state.0.len()).await, Ok(5));
        sys::suspend(&server).await.unwrap();
        server.cast(Push(11));
        assert_eq!(server.stop().await, Ok(()));
    });
}

/// Keeps the numbers it is sent; at most four of them may wait.
struct Bounded(Vec<u32>);

struct Push(u32);

impl GenServer for Bounded {
    type Args = ();
    type Request = Push;
    type Continue = Never;
    type Client = ServerRef<Bounded>;

    const OPTIONS: ServerOptions = ServerOptions::new().mailbox(Mailbox::bounded(4));

    async fn init((): (), _: &mut Context<Self>) -> InitResult<Self> {
        InitResult::ok(Bounded(Vec::new()))
    }

    async fn handle(&mut self, Push(number): Push, _: &mut Context<Self>) -> Next<Self> {
        self.0.push(number);
        Next::wait()
    }
}

/// SYS-08: stop, the parent's exit, and out of band kill and info.
#[test]
fn a_suspended_server_can_still_be_ended() {
    paused(async {
        let tally = Tally::start().await;
        sys::suspend(&tally).await.unwrap();
        tally.cast(Ask::Add(1));
        assert_eq!(tally.stop().reason(error("bye")).await, Ok(()));
        assert_eq!(heard().await, [Heard::Terminate(error("bye"))]);

        let owner = process::self_pid();
        let parent = process::spawn(async move {
            let tally = Tally { owner, count: 0, shown: Shown::Nothing };
            let tally = Start::<Tally>::link(tally).await.unwrap();
            sys::suspend(&tally).await.unwrap();
            process::exit(error("parent gone"));
        });
        process::join(parent).await;
        process::sleep(SECOND).await;
        assert_eq!(heard().await, [Heard::Terminate(error("parent gone"))]);

        let tally = Tally::start().await;
        sys::suspend(&tally).await.unwrap();
        let waiting = tally.clone();
        let caller = tokio::spawn(async move { waiting.call(Ask::Get).await });
        process::sleep(SECOND).await;
        let pid = tally.pid().unwrap();
        assert_eq!(process::info(pid).unwrap().message_queue_len, 1);
        process::send_exit(pid, ExitReason::Kill);
        assert_eq!(caller.await.unwrap(), Err(CallError::Exited(ExitReason::Killed)));
        assert_eq!(heard().await, []);
    });
}

/// Kill and info do not wait for a handler that does.
#[test]
fn kill_and_info_are_out_of_band() {
    paused(async {
        let tally = Tally::start().await;
        let pid = tally.pid().unwrap();
        tally.cast(Ask::Sleep(SECOND * 3600));
        tally.cast(Ask::Add(1));
        process::sleep(SECOND).await;
        let info = process::info(pid).unwrap();
        assert_eq!((info.status, info.message_queue_len), (process::Status::Running, 1));
        assert_eq!(sys::get_state(&tally).await, Err(SysError::Timeout));
        process::send_exit(pid, ExitReason::Kill);
        assert_eq!(process::join(pid).await.unwrap_or(ExitReason::Killed), ExitReason::Killed);
        assert_eq!(heard().await, []);
    });
}

/// SYS-09.
#[test]
fn statistics_count_between_on_and_off() {
    paused(async {
        let tally = Tally::start().await;
        assert_eq!(sys::statistics_get(&tally).await, Ok(None));
        tally.call(Ask::Get).await.unwrap();
        sys::statistics(&tally, true).await.unwrap();
        tally.call(Ask::Get).await.unwrap();
        tally.cast(Ask::Add(1));
        process::send(tally.pid().unwrap(), "info");
        process::sleep(SECOND).await;
        let counted = sys::statistics_get(&tally).await.unwrap().unwrap();
        assert_eq!((counted.messages_in, counted.messages_out), (3, 1));
        assert_eq!(counted.elapsed, SECOND);
        sys::statistics(&tally, false).await.unwrap();
        tally.call(Ask::Get).await.unwrap();
        assert_eq!(sys::statistics_get(&tally).await, Ok(None));
        sys::statistics(&tally, true).await.unwrap();
        let counted = sys::statistics_get(&tally).await.unwrap().unwrap();
        assert_eq!((counted.messages_in, counted.messages_out), (0, 0));
        tally.stop().await.unwrap();
    });
}

/// SYS-10: the log has the last events in order; an answer by hand is no `Out`.
#[test]
fn the_log_keeps_the_last_events_in_order() {
    paused(async {
        let tally = Tally::start_shown(Shown::Count).await;
        sys::log(&tally, 5).await.unwrap();
        tally.call(Ask::Later).await.unwrap();
        tally.cast(Ask::Add(2));
        tally.call(Ask::Get).await.unwrap();
        let request = Event::In { message: std::any::type_name::<Ask>() };
        let state = |text: &str| Event::State(Some(text.to_owned()));
        let all = [request.clone(), state("count 2"), request, Event::Out, state("count 2")];
        assert_eq!(sys::log_get(&tally).await.unwrap(), all);
        sys::log(&tally, 2).await.unwrap();
        assert_eq!(sys::log_get(&tally).await.unwrap(), all[3..]);
        sys::log(&tally, 0).await.unwrap();
        tally.call(Ask::Get).await.unwrap();
        assert_eq!(sys::log_get(&tally).await, Ok(vec![]));
        tally.stop().await.unwrap();
    });
}

/// SYS-10.
#[test]
fn a_trace_reports_each_event_in_order() {
    let (capture, _guard) = Capture::install();
    paused(async {
        let tally = Tally::start().await;
        sys::trace(&tally, true).await.unwrap();
        tally.call(Ask::Get).await.unwrap();
        process::send(tally.pid().unwrap(), "info");
        sys::trace(&tally, false).await.unwrap();
        tally.call(Ask::Get).await.unwrap();
        tally.stop().await.unwrap();
    });
    let lines = capture.take("otp::sys");
    let events: Vec<&str> = lines.iter().map(|line| line.get("event")).collect();
    assert_eq!(events, ["in Ask", "out", "new state", "in &str", "new state"]);
}

/// SYS-11.
#[test]
fn installed_functions_see_every_event_with_their_own_state() {
    paused(async {
        let tally = Tally::start().await;
        let seen: Arc<Mutex<Vec<(usize, String)>>> = Arc::default();
        let function = |by: &'static str| {
            let seen = Arc::clone(&seen);
            let mut number = 0;
            move |event: &Event| {
                number += 1;
                seen.lock().unwrap().push((number, format!("{by} {event}")));
            }
        };
        let take = || std::mem::take(&mut *seen.lock().unwrap());
        let unnamed = DebugId::unique();
        sys::install(&tally, "a", function("a")).await.unwrap();
        sys::install(&tally, "a", function("again")).await.unwrap();
        sys::install(&tally, unnamed.clone(), function("b")).await.unwrap();
        tally.cast(Ask::Add(1));
        let options = sys::get_status(&tally).await.unwrap().debug;
        let expected = ["a".into(), unnamed.clone()].map(DebugOption::Function);
        assert_eq!(options, expected);
        let text = |n, text: &str| (n, text.to_owned());
        assert_eq!(
            take(),
            [
                text(1, "a in Ask"),
                text(1, "b in Ask"),
                text(2, "a new state"),
                text(2, "b new state")
            ]
        );
        assert_eq!(sys::remove(&tally, "a").await, Ok(true));
        assert_eq!(sys::remove(&tally, "a").await, Ok(false));
        tally.call(Ask::Get).await.unwrap();
        assert_eq!(take().len(), 3);
        sys::no_debug(&tally).await.unwrap();
        tally.call(Ask::Get).await.unwrap();
        assert_eq!(take(), []);
        tally.stop().await.unwrap();
    });
}

/// SYS-11: one that fails is removed, and harms nobody.
#[test]
fn a_panicking_debug_function_is_removed() {
    let (capture, _guard) = Capture::install();
    paused(async {
        let tally = Tally::start().await;
        sys::install(&tally, "bad", |_| panic!("oops")).await.unwrap();
        assert_eq!(tally.call(Ask::Get).await, Ok(0));
        assert_eq!(sys::get_status(&tally).await.unwrap().debug, []);
        tally.stop().await.unwrap();
    });
    let lines = capture.take("otp::sys");
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].get("id"), "bad");
}

/// SYS-12.
#[test]
fn the_status_tells_how_the_server_is_run_and_watched() {
    paused(async {
        let tally = Tally::start_shown(Shown::Count).await;
        let pid = tally.pid().unwrap();
        process::register(pid, "tally").unwrap();
        sys::trace(&tally, true).await.unwrap();
        sys::log(&tally, 3).await.unwrap();
        sys::statistics(&tally, true).await.unwrap();
        process::send(pid, 1_u64);
        let status = sys::get_status(&ServerRef::<Tally>::named("tally")).await.unwrap();
        assert_eq!(status.pid, pid);
        assert_eq!(status.name, Some("tally".into()));
        assert_eq!(status.parent, Some(process::self_pid()));
        assert!(status.server.ends_with("Tally") && !status.suspended);
        assert_eq!(status.unhandled, 1);
        assert_eq!(status.state.as_deref(), Some("count 0"));
        use DebugOption::{Log, Statistics, Trace};
        assert_eq!(status.debug, [Trace, Log(3), Statistics]);
        tally.stop().await.unwrap();
    });
}

/// GS-LOG-03, GS-LOG-04: a state is shown only by a server that says so.
#[test]
fn the_status_shows_the_state_only_when_the_server_does() {
    paused(async {
        for (shown, expected) in [
            (Shown::Nothing, None),
            (Shown::Count, Some("count 0")),
            (Shown::Panics, Some("no status today")),
        ] {
            let tally = Tally::start_shown(shown).await;
            let state = sys::get_status(&tally).await.unwrap().state;
            match (state, expected) {
                (None, None) => {}
                (Some(state), Some(text)) => assert!(state.contains(text), "{state}"),
                other => panic!("{other:?}"),
            }
            assert_eq!(tally.call(Ask::Get).await, Ok(0));
            tally.stop().await.unwrap();
        }
    });
}

/// SYS-13.
#[test]
fn supervisors_answer_the_same_requests() {
    paused(async {
        let plan = Plan::new("kid");
        let spec = ChildSpec::<Probe>::new(plan);
        let supervisor = Supervisor::one_for_one().child(spec).start_link().await.unwrap();
        let status = sys::get_status(&supervisor).await.unwrap();
        assert!(status.state.unwrap().contains("OneForOne"));
        sys::statistics(&supervisor, true).await.unwrap();
        sys::suspend(&supervisor).await.unwrap();
        let asked = {
            let supervisor = supervisor.clone();
            tokio::spawn(async move { supervisor.count_children().await.unwrap().active })
        };
        process::sleep(SECOND).await;
        assert!(!asked.is_finished());
        assert!(sys::get_status(&supervisor).await.unwrap().suspended);
        sys::resume(&supervisor).await.unwrap();
        assert_eq!(asked.await.unwrap(), 1);
        let counted = sys::statistics_get(&supervisor).await.unwrap().unwrap();
        assert_eq!((counted.messages_in, counted.messages_out), (1, 1));
        sys::suspend(&supervisor).await.unwrap();
        assert_eq!(supervisor.stop().await, Ok(()));
    });
}

/// SYS-14.
#[test]
fn requests_fail_as_calls_do() {
    paused(async {
        let tally = Tally::start().await;
        tally.cast(Ask::Sleep(SECOND * 10));
        let before = tokio::time::Instant::now();
        assert_eq!(sys::get_state(&tally).await, Err(SysError::Timeout));
        assert_eq!(before.elapsed(), SECOND * 5);
        assert_eq!(sys::get_state(&tally).timeout(SECOND).await, Err(SysError::Timeout));
        assert!(sys::get_state(&tally).infinity().await.is_ok());

        tally.cast(Ask::Stop(error("boom")));
        let exited = Err(SysError::Exited(error("boom")));
        assert_eq!(sys::suspend(&tally).await, exited);
        assert_eq!(sys::suspend(&tally).await, Err(SysError::NoProc));
        let nobody = ServerRef::<Tally>::named("nobody");
        assert_eq!(sys::suspend(&nobody).await, Err(SysError::NoProc));

        let requester = process::spawn_monitor(async move {
            sys::suspend(&nobody).or_exit().await;
        });
        let down: otp_core::Down = process::receive_type().await;
        assert_eq!(down.pid, Some(requester.0));
        assert_eq!(down.reason, ExitReason::from(SysError::NoProc));
    });
}

/// SYS-15: with the reason given, also while it is suspended; the answer comes before the end.
#[test]
fn terminate_runs_terminate_with_the_reason() {
    paused(async {
        for suspended in [false, true] {
            let tally = Tally::start().await;
            if suspended {
                sys::suspend(&tally).await.unwrap();
            }
            let monitor = tally.monitor();
            assert_eq!(sys::terminate(&tally, ExitReason::Shutdown).await, Ok(()));
            let down: otp_core::Down = process::receive_type().await;
            assert_eq!((down.monitor, down.reason), (monitor, ExitReason::Shutdown));
            assert_eq!(heard().await, [Heard::Terminate(ExitReason::Shutdown)]);
        }
    });
}

/// GS-TMO-04: the time-out starts anew, in full, also while the server is watched or was suspended.
#[test]
fn requests_do_not_use_up_a_time_out() {
    paused(async {
        let tally = Tally::start().await;
        for watched in [false, true] {
            sys::statistics(&tally, watched).await.unwrap();
            tally.call(|caller| Ask::Wait(SECOND * 10, caller)).await.unwrap();
            process::sleep(SECOND * 6).await;
            sys::get_state(&tally).await.unwrap();
            process::sleep(SECOND * 6).await;
            assert_eq!(heard().await, []);
            sys::suspend(&tally).await.unwrap();
            process::sleep(SECOND * 60).await;
            assert_eq!(heard().await, []);
            sys::resume(&tally).await.unwrap();
            process::sleep(SECOND * 9).await;
            assert_eq!(heard().await, []);
            process::sleep(SECOND * 2).await;
            assert_eq!(heard().await, [Heard::Timeout]);
        }
        tally.stop().await.unwrap();
    });
}
