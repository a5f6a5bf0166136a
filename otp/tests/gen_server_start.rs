//! How servers start and what comes first: names, specs, `init`, continuations, hibernation.

#![allow(unreachable_pub)] // written as in a library, where others see it

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use otp::prelude::*;

const SECOND: Duration = Duration::from_secs(1);

/// Runs `body` in a process that is not the root, so that links and messages are its own.
async fn in_process(body: impl Future<Output = ()> + Send + 'static) {
    let ended = process::join(process::spawn(body)).await;
    assert_eq!(ended, Some(ExitReason::Normal));
}

/// Whether the running process gets no message at all within a second.
async fn hears_nothing() -> bool {
    process::receive_timeout(Ok, SECOND).await.is_none()
}

/// What a server without a name of its own does.
struct Desk {
    number: i64,
}

#[gen_server]
impl Desk {
    #[init]
    fn init(number: i64) -> Self {
        Desk { number }
    }

    #[handle_call]
    fn number(&self) -> i64 {
        self.number
    }

    #[handle_cast]
    fn end(&mut self, reason: ExitReason) -> Noreply {
        noreply().stop(reason)
    }

    /// Goes on unless the number is negative.
    #[handle_cast]
    fn check(&mut self, number: i64) -> Result<(), std::num::TryFromIntError> {
        self.number = u32::try_from(number)?.into();
        Ok(())
    }
}

struct Lobby;

#[gen_server(name)]
impl Lobby {
    #[init]
    fn init() -> Self {
        Lobby
    }
}

struct Porch;

#[gen_server(name = "porch", restart = transient)]
impl Porch {
    #[init]
    fn init() -> Self {
        Porch
    }
}

/// GS-START-05.
#[otp::test(start_paused = true)]
async fn a_taken_name_leaves_neither_a_link_nor_a_message() {
    let first = Lobby::start().await.unwrap();
    let holder = first.clone();
    in_process(async move {
        process::trap_exit(true);
        let taken = Lobby::start_link().await.unwrap_err();
        assert_eq!(taken, StartError::AlreadyStarted(holder.pid().unwrap()));
        let me = process::info(process::self_pid()).unwrap();
        assert!(me.links.is_empty() && me.monitors.is_empty());
        assert!(hears_nothing().await);
        holder.stop().reason(ExitReason::error("boom")).await.unwrap();
        assert!(hears_nothing().await);
    })
    .await;
    let second = Lobby::start().await.unwrap();
    in_process(async {
        assert!(Lobby::start_link().await.is_err()); // and it does not end who does not trap
    })
    .await;
    second.stop().await.unwrap();
}

/// GS-START-07: a type, a text, or nothing.
#[otp::test(start_paused = true)]
async fn a_server_has_the_name_of_its_type_a_text_or_none() {
    let by_type = Lobby::start_link().await.unwrap();
    assert_eq!(process::whereis(Name::of::<Lobby>()), by_type.pid());
    assert_eq!(Lobby::client().pid(), by_type.pid());

    let by_text = Porch::start_link().await.unwrap();
    assert_eq!(process::whereis("porch"), by_text.pid());
    assert_eq!(process::whereis(Name::of::<Porch>()), None);

    let renamed = Porch::start_link().name(format!("porch {}", 2)).await.unwrap();
    assert_eq!(Porch::named("porch 2".to_owned()).pid(), renamed.pid());
    assert_ne!(renamed.pid(), by_text.pid());

    let unnamed = Desk::start_link(1).await.unwrap();
    assert_eq!(process::info(unnamed.pid().unwrap()).unwrap().name, None);
}

/// GS-START-09.
#[otp::test(start_paused = true)]
async fn a_spec_has_the_servers_defaults_and_takes_others() {
    assert_eq!(Lobby::OPTIONS.restart, Restart::Permanent);
    assert_eq!(Porch::OPTIONS.restart, Restart::Transient);
    let supervisor = Supervisor::one_for_one()
        .child(Desk::child_spec(7))
        .child(Desk::child_spec(8).id("second").name("second").restart(Restart::Temporary))
        .child(Porch::child_spec().restart(Restart::Permanent))
        .start_link()
        .await
        .unwrap();
    let ids = async || {
        let children = supervisor.which_children().await.unwrap();
        children.into_iter().map(|child| child.id).collect::<Vec<_>>()
    };
    let all = [ChildId::of::<Desk>(), ChildId::from("second"), ChildId::of::<Porch>()];
    let mut found = ids().await;
    assert!(all.iter().all(|id| found.contains(id)) && found.len() == 3, "{found:?}");
    assert_eq!(Desk::named("second").number().await, Ok(8));

    Desk::named("second").end(ExitReason::error("boom"));
    let porch = Porch::named("porch").pid().unwrap();
    Porch::named("porch").stop().await.unwrap(); // a transient one would stay away
    process::sleep(SECOND).await;
    found = ids().await;
    assert!(!found.contains(&all[1]) && found.len() == 2, "{found:?}");
    assert!(Porch::named("porch").is_alive());
    assert_ne!(Porch::named("porch").pid(), Some(porch));
}

/// GS-TERM-08.
#[otp::test(start_paused = true)]
async fn a_server_without_terminate_ends_with_the_reason_given() {
    let clean = [ExitReason::Normal, ExitReason::Shutdown, ExitReason::shutdown_with(3)];
    for reason in clean.into_iter().chain([ExitReason::error("boom")]) {
        let desk = Desk::start(1).await.unwrap();
        let monitor = desk.monitor();
        desk.end(reason.clone());
        let down: Down = process::receive_type().await;
        assert_eq!((down.monitor, down.reason), (monitor, reason.clone()));

        let desk = Desk::start(1).await.unwrap();
        let monitor = desk.monitor();
        assert_eq!(desk.stop().reason(reason.clone()).await, Ok(()));
        let down: Down = process::receive_type().await;
        assert_eq!((down.monitor, down.reason), (monitor, reason));
    }
}

/// GS-TERM-10: instead of a throw, `return` and `?`.
#[otp::test(start_paused = true)]
async fn an_early_return_of_a_callback_is_its_outcome() {
    let desk = Desk::start(1).await.unwrap();
    desk.check(5);
    assert_eq!(desk.number().await, Ok(5));
    let monitor = desk.monitor();
    desk.check(-5);
    let down: Down = process::receive_type().await;
    let expected = ExitReason::error(u32::try_from(-5).unwrap_err());
    assert_eq!((down.monitor, down.reason), (monitor, expected));
}

struct Picky;

#[gen_server]
impl Picky {
    #[init]
    fn init(text: &'static str) -> Result<Init<Self>, std::num::ParseIntError> {
        if text.is_empty() {
            return Ok(Init::ignore());
        }
        text.parse::<u8>()?;
        Ok(Init::ok(Picky))
    }
}

/// GS-INIT-08: instead of a throw, `return` and `?`.
#[otp::test(start_paused = true)]
async fn an_early_return_of_init_is_its_outcome() {
    assert!(Picky::start_link("7").await.is_ok());
    assert_eq!(Picky::start("").await.err(), Some(StartError::Ignore));
    let parse = "seven".parse::<u8>().unwrap_err();
    let expected = StartError::Exit(ExitReason::error(parse));
    assert_eq!(Picky::start("seven").await.err(), Some(expected));
}

/// What happened, in order.
type Log = Arc<Mutex<Vec<&'static str>>>;

fn note(log: &Log, what: &'static str) {
    log.lock().unwrap().push(what);
}

struct Booted {
    log: Log,
}

#[derive(Clone, Copy)]
enum Boot {
    Fine,
    Stop,
    Panic,
}

#[gen_server(trap_exit = false)]
impl Booted {
    /// The first start of a log panics afterwards if it is to; later ones do not.
    #[init]
    fn init(log: Log, boot: Boot) -> Init<Self> {
        let again = log.lock().unwrap().contains(&"init");
        note(&log, "init");
        let boot = if again { Boot::Fine } else { boot };
        Init::ok(Booted { log }).continue_with(boot)
    }

    #[handle_continue]
    fn boot(&mut self, boot: Boot) -> Noreply {
        note(&self.log, "continue");
        match boot {
            Boot::Fine => noreply(),
            Boot::Stop => noreply().stop(ExitReason::error("enough")),
            Boot::Panic => panic!("no disk"),
        }
    }

    #[handle_call]
    fn again(&mut self, boot: Boot) -> Reply<(), otp::Then<Boot>> {
        reply(()).continue_with(boot)
    }

    #[terminate]
    fn terminate(&mut self, reason: &ExitReason) {
        let known = *reason == ExitReason::error("enough") || reason.is_crash();
        note(&self.log, if known { "terminate" } else { "terminate otherwise" });
    }
}

/// GS-CONT-05: after `init`, and after a call.
#[otp::test(start_paused = true)]
async fn a_continuation_can_stop_the_server() {
    let log = Log::default();
    let started = log.clone();
    in_process(async move {
        process::trap_exit(true);
        let server = Booted::start_link(started, Boot::Stop).await.unwrap();
        let exit: otp::Exit = process::receive_type().await;
        assert_eq!((Some(exit.from), exit.reason), (server.pid(), ExitReason::error("enough")));
    })
    .await;
    assert_eq!(*log.lock().unwrap(), ["init", "continue", "terminate"]);

    let log = Log::default();
    let server = Booted::start(log.clone(), Boot::Fine).await.unwrap();
    let monitor = server.monitor();
    assert_eq!(server.again(Boot::Stop).await, Ok(()));
    let down: Down = process::receive_type().await;
    assert_eq!((down.monitor, down.reason), (monitor, ExitReason::error("enough")));
    assert_eq!(*log.lock().unwrap(), ["init", "continue", "continue", "terminate"]);
}

/// GS-CONT-06: the start has succeeded; a supervisor restarts as after any crash.
#[otp::test(start_paused = true)]
async fn a_crash_of_the_first_continuation_comes_after_the_start() {
    let log = Log::default();
    let started = log.clone();
    in_process(async move {
        process::trap_exit(true);
        let server = Booted::start_link(started, Boot::Panic).await.unwrap();
        let exit: otp::Exit = process::receive_type().await;
        assert!(Some(exit.from) == server.pid() && exit.reason.is_crash());
    })
    .await;
    assert_eq!(*log.lock().unwrap(), ["init", "continue", "terminate"]);

    let log = Log::default();
    let spec = Booted::child_spec(log.clone(), Boot::Panic);
    let supervisor = Supervisor::one_for_one().child(spec).start_link().await.unwrap();
    process::sleep(SECOND).await;
    let counts = supervisor.count_children().await.unwrap();
    assert_eq!(counts.active, 1);
    assert_eq!(*log.lock().unwrap(), ["init", "continue", "terminate", "init", "continue"]);
}

struct Sleepy {
    turns: Arc<AtomicU32>,
    name: String,
}

struct Nudge;

#[gen_server]
impl Sleepy {
    #[init]
    fn init(turns: Arc<AtomicU32>) -> Init<Self> {
        Init::ok(Sleepy { turns, name: "a name".to_owned() }).hibernate()
    }

    fn turn(&mut self) {
        self.turns.fetch_add(1, Ordering::Relaxed);
    }

    #[handle_call]
    fn call(&mut self) -> Reply<String> {
        self.turn();
        reply(self.name.clone()).hibernate()
    }

    #[handle_cast]
    fn rename(&mut self, name: String) -> Noreply {
        self.turn();
        self.name = name;
        noreply().hibernate()
    }

    #[handle_info]
    fn nudge(&mut self, _: Nudge) -> Noreply<otp::Then<Nudge>> {
        self.turn();
        noreply().continue_with(Nudge)
    }

    #[handle_continue]
    fn go_on(&mut self, _: Nudge) -> Noreply {
        self.turn();
        noreply().hibernate()
    }
}

/// GS-HIB-01: from every callback.
#[otp::test(start_paused = true)]
async fn hibernation_keeps_the_state_and_wakes_for_any_message() {
    let turns = Arc::new(AtomicU32::new(0));
    let server = Sleepy::start_link(turns.clone()).await.unwrap();
    process::sleep(SECOND).await;
    assert_eq!(server.call().await.unwrap(), "a name");
    process::sleep(SECOND).await;
    server.rename("another".to_owned());
    process::sleep(SECOND).await;
    server.send(Nudge);
    process::sleep(SECOND).await;
    assert_eq!(turns.load(Ordering::Relaxed), 4);
    server.rename("a third".to_owned());
    server.send(Nudge);
    assert_eq!(server.call().await.unwrap(), "a third");
    assert_eq!(turns.load(Ordering::Relaxed), 8);
}
