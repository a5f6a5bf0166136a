//! Keys as names of processes.

use super::*;

struct Users;

impl RegistryModule for Users {
    type Key = String;
    type Value = u32;
    type Kind = Unique;
}

impl UniqueRegistry for Users {}

impl RegistryKey<Users> for String {
    fn into_key(self) -> String {
        self
    }
}

async fn users() {
    Users::options().start_link().await.unwrap();
}

fn name(key: &str) -> Name {
    Name::in_registry::<Users>(text(key))
}

/// REG-19: a key works as a name: start, call, cast, stop, whereis; conflict is already_started.
#[test]
fn a_key_is_a_name() {
    threaded(async {
        users().await;
        let server = Start::<Probe>::link(Plan::new("a")).via::<Users>(text("ann")).await.unwrap();
        let pid = server.pid().unwrap();
        assert_eq!(process::whereis(name("ann")), Some(pid));
        let named = ServerRef::<Probe>::named(name("ann"));
        assert_eq!(named.call(Request::Ping).await, Ok("pong"));
        let twice = Start::<Probe>::link(Plan::new("b")).via::<Users>(text("ann")).await;
        assert_eq!(twice.unwrap_err(), StartError::AlreadyStarted(pid));
        assert_eq!(Users::registry().keys(pid), Ok(vec![text("ann")]));
        named.stop().await.unwrap();
        assert_eq!((process::whereis(name("ann")), Users::registry().count()), (None, Ok(0)));
        assert_eq!(named.call(Request::Ping).await, Err(CallError::NoProc));
        named.cast(Request::StopCast(ExitReason::Normal));
    });
}

/// REG-20: a name may carry the entry's value.
#[test]
fn a_name_may_carry_a_value() {
    paused(async {
        users().await;
        let start = Start::<Probe>::link(Plan::new("a"));
        start.via_with::<Users>(text("ann"), 7).await.unwrap();
        Start::<Probe>::link(Plan::new("b")).via::<Users>(text("bob")).await.unwrap();
        let entries = Users::registry().select(|key, _, value| Some((key.clone(), *value)));
        assert_eq!(entries, Ok(vec![(text("ann"), 7), (text("bob"), 0)]));
        assert_eq!(name("ann"), Name::in_registry_with::<Users>(text("ann"), 7));
        assert_ne!(name("ann"), name("bob"));
        assert_eq!(name("ann").to_string(), "Users(\"ann\")");
    });
}

/// REG-27: a name in a registry that does not run is an error at the start, and nobody otherwise.
#[test]
fn a_name_without_its_registry_is_an_error() {
    paused(async {
        let start = Start::<Probe>::link(Plan::new("a")).via::<Users>(text("ann")).await;
        let reason = ExitReason::error(RegisterError::NoRegistry);
        assert_eq!(start.unwrap_err(), StartError::Exit(reason));
        let named = ServerRef::<Probe>::named(name("ann"));
        assert_eq!(named.call(Request::Ping).await, Err(CallError::NoProc));
        assert_eq!(named.pid(), None);
    });
}

/// REG-19: under a supervisor, and found again after a restart.
#[test]
fn a_child_is_found_again_after_its_restart() {
    paused(async {
        let ann = ChildSpec::<Probe>::new(Plan::new("a")).via::<Users>(text("ann")).id("ann");
        let bob = ChildSpec::<Probe>::new(Plan::new("b")).via_with::<Users>(text("bob"), 9);
        let registry = Users::options().child_spec("users");
        let supervisor = Supervisor::rest_for_one().child(registry).child(ann).child(bob);
        let supervisor = supervisor.start_link().await.unwrap();
        let before = process::whereis(name("ann")).unwrap();
        kill(before).await;
        supervisor.count_children().await.unwrap();
        let after = process::whereis(name("ann")).unwrap();
        assert_ne!(after, before);
        assert_eq!(Users::registry().lookup("bob").unwrap().map(|it| it.value), Some(9));
        // The registry takes its children with it, and they come back with it.
        kill(Users::registry().pid().unwrap()).await;
        process::join(after).await;
        supervisor.count_children().await.unwrap();
        assert_eq!(ServerRef::<Probe>::named(name("ann")).call(Request::Ping).await, Ok("pong"));
    });
}

#[test]
fn a_handle_without_a_type_makes_names_too() {
    paused(async {
        let (users, other) = (uniques().await, uniques().await);
        let server = Start::<Probe>::link(Plan::new("a")).name(users.via(text("ann"), 1));
        let pid = server.await.unwrap().pid();
        assert_eq!(process::whereis(users.via(text("ann"), 0)), pid);
        assert_ne!(users.via(text("ann"), 0), other.via(text("ann"), 0));
        process::send(Dest::from(users.via(text("ann"), 0)), "hello");
        process::unregister(users.via(text("ann"), 0)).unwrap();
        assert_eq!(users.count(), Ok(0));
    });
}

/// A listener hears of names as of all other entries, and of no end.
#[test]
fn listeners_hear_of_names() {
    paused(async {
        let users = Registry::unique::<String, u32>().listener(process::self_pid());
        let users = users.start_link().await.unwrap();
        let server = Start::<Probe>::alone(Plan::new("a")).name(users.via(text("ann"), 1));
        let server = server.await.unwrap();
        assert_eq!(Some(waiting::<Registered<String, u32>>().await.unwrap().pid), server.pid());
        server.stop().await.unwrap();
        assert_eq!(waiting::<Unregistered<String>>().await, None);
        assert_eq!(users.count(), Ok(0));
    });
}

#[test]
fn a_name_that_only_finds_registers_nobody() {
    paused(async {
        users().await;
        let client: ServerRef<Probe> = otp_core::private::client_via::<Probe, Users, str>("ann");
        assert_eq!(client.pid(), None);
        let monitor = client.monitor();
        let down: Down = process::receive_type().await;
        let otp_core::Target::Name(found) = down.target else { panic!("it was a name") };
        assert_eq!((down.monitor, &found), (monitor, &name("ann")));
        let refused = process::register(process::self_pid(), found);
        assert_eq!(refused, Err(RegisterError::NoValue));
    });
}

/// A process that fails to start leaves no entry.
#[test]
fn a_failed_start_leaves_nothing() {
    paused(async {
        users().await;
        let plan = Plan::new("a").init(support::Begin::Stop(ExitReason::error("boom")));
        let failed = Start::<Probe>::alone(plan).via::<Users>(text("ann")).await;
        assert!(failed.is_err());
        assert_eq!(Users::registry().count(), Ok(0));
    });
}

#[test]
fn futures_can_move_between_threads() {
    fn is_send<T: Send>(_: T) {}
    let users = Users::registry();
    is_send(Users::options().start_link());
    is_send(async move { users.lock(text("k"), std::future::ready(())).await });
}
