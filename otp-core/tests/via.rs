//! Names that are kept by something else than the node's own table.

mod support;

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use otp_core::process::{RegisterError, ViaName};
use otp_core::{
    CallError, ChildSpec, Dest, Down, ExitReason, Message, Name, Pid, ServerRef, Start, StartError,
    Supervisor, Target, process,
};
use support::{Plan, Probe, Request, paused, threaded};

/// One table for all tests of this file, so the keys must differ.
static DESKS: LazyLock<Mutex<HashMap<u32, Pid>>> = LazyLock::new(Mutex::default);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Desk(u32);

impl ViaName for Desk {
    fn whereis(&self) -> Option<Pid> {
        DESKS.lock().unwrap().get(&self.0).copied()
    }

    fn register(&self, pid: Pid) -> Result<(), RegisterError> {
        let mut desks = DESKS.lock().unwrap();
        match desks.get(&self.0) {
            Some(holder) => Err(RegisterError::Taken(*holder)),
            None => {
                desks.insert(self.0, pid);
                Ok(())
            }
        }
    }

    fn unregister(&self, pid: Pid) {
        assert_ne!(self.0, 666, "this desk cannot be cleared");
        DESKS.lock().unwrap().retain(|key, holder| (*key, *holder) != (self.0, pid));
    }
}

fn desk(number: u32) -> Name {
    Name::via(Desk(number))
}

/// A table that is not there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Missing;

impl ViaName for Missing {
    fn whereis(&self) -> Option<Pid> {
        None
    }

    fn register(&self, _: Pid) -> Result<(), RegisterError> {
        Err(RegisterError::NoRegistry)
    }

    fn unregister(&self, _: Pid) {}
}

async fn ping(name: Name) -> Result<&'static str, CallError> {
    ServerRef::<Probe>::named(name).call(Request::Ping).await
}

/// REG-19: a key works as a name: start, call, cast, stop, whereis; conflict is already_started.
#[test]
fn a_server_lives_under_a_name_of_a_registry() {
    threaded(async {
        let server = Start::<Probe>::link(Plan::new("a")).name(desk(1)).await.unwrap();
        assert_eq!(process::whereis(desk(1)), server.pid());
        assert_eq!(ping(desk(1)).await, Ok("pong"));
        let twice = Start::<Probe>::link(Plan::new("b")).name(desk(1)).await;
        assert_eq!(twice.unwrap_err(), StartError::AlreadyStarted(server.pid().unwrap()));
        // Text names are another table, and the process has none of them.
        assert_eq!(process::info(server.pid().unwrap()).unwrap().name, None);
        ServerRef::<Probe>::named(desk(1)).stop().await.unwrap();
        assert_eq!(process::whereis(desk(1)), None);
        assert_eq!(ping(desk(1)).await, Err(CallError::NoProc));
    });
}

#[test]
fn the_name_is_free_before_the_end_is_known() {
    paused(async {
        let server = Start::<Probe>::alone(Plan::new("a")).name(desk(2)).await.unwrap();
        let monitor = process::monitor(desk(2));
        server.cast(Request::StopCast(ExitReason::error("boom")));
        let down = process::receive_type::<Down>().await;
        assert_eq!((down.monitor, down.target), (monitor, Target::Name(desk(2))));
        assert_eq!(DESKS.lock().unwrap().get(&2), None);
    });
}

#[test]
fn a_child_is_found_again_after_its_restart() {
    threaded(async {
        let child = ChildSpec::<Probe>::new(Plan::new("a")).name(desk(3));
        let supervisor = Supervisor::one_for_one().child(child).start_link().await.unwrap();
        let before = process::whereis(desk(3)).unwrap();
        process::send_exit(before, ExitReason::Kill);
        process::join(before).await;
        supervisor.count_children().await.unwrap();
        assert_ne!(process::whereis(desk(3)), Some(before));
        assert_eq!(ping(desk(3)).await, Ok("pong"));
    });
}

#[test]
fn messages_and_threads_outside_find_it() {
    threaded(async {
        process::register(process::self_pid(), desk(4)).unwrap();
        process::send(Dest::from(desk(4)), 7u8);
        assert_eq!(process::receive_type::<u8>().await, 7);
        let server = Start::<Probe>::link(Plan::new("a")).name(desk(5)).await.unwrap();
        let named = ServerRef::<Probe>::named(desk(5));
        let outside =
            std::thread::spawn(move || (named.pid(), named.call(Request::Ping).blocking()));
        assert_eq!(outside.join().unwrap(), (server.pid(), Ok("pong")));
    });
}

#[test]
fn a_process_may_have_several_and_lose_one() {
    paused(async {
        let me = process::self_pid();
        process::register(me, desk(6)).unwrap();
        process::register(me, desk(7)).unwrap();
        process::register(me, "and a text").unwrap();
        process::unregister(desk(6)).unwrap();
        assert_eq!((process::whereis(desk(6)), process::whereis(desk(7))), (None, Some(me)));
        assert!(process::unregister(desk(6)).is_err());
        assert_eq!(process::whereis("and a text"), Some(me));
    });
}

/// REG-27: use of an unknown registry is an error at the caller.
#[test]
fn a_registry_that_does_not_run_is_an_error() {
    paused(async {
        let name = Name::via(Missing);
        let start = Start::<Probe>::link(Plan::new("a")).name(name.clone()).await;
        let reason = ExitReason::error(RegisterError::NoRegistry);
        assert_eq!(start.unwrap_err(), StartError::Exit(reason));
        let spawned = process::SpawnOptions::new().name(name.clone()).try_spawn(async {});
        assert_eq!(spawned, Err(RegisterError::NoRegistry));
        assert_eq!(ping(name).await, Err(CallError::NoProc));
    });
}

#[test]
fn a_registry_that_fails_does_not_keep_a_process_alive() {
    paused(async {
        let pid = process::SpawnOptions::new().name(desk(666)).spawn(async {});
        let monitor = process::monitor(pid);
        let down = process::receive_where(Message::downcast::<Down>).await;
        assert_eq!((down.monitor, down.reason), (monitor, ExitReason::Normal));
    });
}

#[test]
fn names_are_equal_when_type_and_value_are() {
    assert_eq!(desk(8), desk(8));
    assert_ne!(desk(8), desk(9));
    assert_ne!(desk(8), Name::via(Missing));
    assert_ne!(Name::via(Missing), Name::of::<Missing>());
    assert_eq!(desk(8).to_string(), "Desk(8)");
}
