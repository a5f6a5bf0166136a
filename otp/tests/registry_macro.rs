//! `#[registry(..)]`, and names that a registry keeps.

use otp::prelude::*;
use otp::registry::{RegistryModule, Unique};

/// Finds a worker by its id.
#[registry(unique)]
pub struct Users(String);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    Reader,
    Writer,
}

#[registry(duplicate, partitions = 2)]
struct Topics(&'static str, Role);

#[registry(unique)]
pub(crate) struct Numbers(u64, Option<u32>);

struct Worker {
    id: String,
    done: u64,
}

#[gen_server(name = via(Users, id), restart = transient)]
impl Worker {
    #[init]
    fn init(id: String, done: u64) -> Self {
        Worker { id, done }
    }

    #[handle_call]
    fn get(&self) -> (String, u64) {
        (self.id.clone(), self.done)
    }

    #[handle_cast]
    fn fail(&mut self) -> Result<(), &'static str> {
        Err("boom")
    }
}

struct Counter;

/// The key is computed, and the entry has a value.
#[gen_server(name = via(Numbers, u64::from(*shelf) * 100 + place, Some(place as u32)))]
impl Counter {
    #[init]
    fn init(shelf: std::sync::Arc<u32>, place: u64, _unused: NotClone) -> Self {
        assert!(*shelf > 0 && place > 0);
        Counter
    }

    #[handle_call]
    fn ping(&self) -> &'static str {
        "pong"
    }
}

struct NotClone;

/// A server without a name of its own.
#[derive(Clone, GenServer)]
struct Plain;

#[otp::test]
async fn a_registry_is_a_type_with_functions() {
    Users::start_link().await.unwrap();
    let me = process::self_pid();
    Users::register("ann".into()).unwrap();
    assert_eq!(Users::register("ann".into()), Err(RegistryError::AlreadyRegistered { pid: me }));
    assert_eq!(Users::lookup("ann").unwrap().map(|entry| entry.pid), Some(me));
    assert_eq!(Users::lookup(&"bob".to_owned()), Ok(None));
    assert_eq!((Users::keys(me), Users::count()), (Ok(vec!["ann".to_owned()]), Ok(1)));
    assert_eq!(Users::values("ann", me), Ok(vec![()]));
    assert_eq!(Users::update_value("ann", |()| ()), Ok(((), ())));
    assert_eq!(Users::broadcast("ann", 7_u8), Ok(1));
    assert_eq!(process::receive_type::<u8>().await, 7);
    assert_eq!(Users::lock("ann".into(), async { 7 }).await, Ok(7));
    Users::put_meta("limit", 3_u8).unwrap();
    assert_eq!(Users::meta::<u8>("limit"), Ok(Some(3)));
    Users::delete_meta("limit").unwrap();
    assert_eq!(Users::meta::<u8>("limit"), Ok(None));
    Users::unregister("ann").unwrap();
    assert_eq!(Users::client().count(), Ok(0));
    assert_eq!(format!("{Users:?} {:?}", Users::client()), "Users RegistryRef(Users)");
}

#[otp::test]
async fn a_registry_may_have_values_and_many_entries() {
    Topics::start_link().await.unwrap();
    for role in [Role::Reader, Role::Writer, Role::Reader] {
        Topics::register("news", role).unwrap();
    }
    let readers = |_: Pid, role: &Role| *role == Role::Reader;
    assert_eq!(Topics::lookup("news").unwrap().len(), 3);
    assert_eq!(Topics::count_match("news", readers), Ok(2));
    assert_eq!(Topics::matches("news", readers).unwrap()[1].value, Role::Reader);
    let keys = Topics::select(|key, _, role| (*role == Role::Writer).then_some(*key));
    assert_eq!(keys, Ok(vec!["news"]));
    assert_eq!(Topics::count_select(|_, _, _| true), Ok(3));
    let mut seen = 0;
    Topics::dispatch("news", |entries| seen += entries.len()).unwrap();
    assert_eq!(seen, 3);
    Topics::dispatch_parallel("news", |entries| assert_eq!(entries.len(), 3)).await.unwrap();
    Topics::unregister_match("news", |role| *role == Role::Reader).unwrap();
    assert_eq!(Topics::values("news", process::self_pid()), Ok(vec![Role::Writer]));
    let partitions = process::info(Topics::client().pid().unwrap()).unwrap().links.len() - 1;
    assert_eq!((partitions, Topics::PARTITIONS, Numbers::PARTITIONS), (2, 2, 1));
}

#[otp::test]
async fn everything_says_that_the_registry_does_not_run() {
    assert_eq!(Users::lookup("ann"), Err(RegistryError::NotRunning));
    assert_eq!(Users::register("ann".into()), Err(RegistryError::NotRunning));
    assert_eq!(Worker::client("ann").get().await, Err(CallError::NoProc));
    assert!(Worker::start_link("ann".into(), 0).await.is_err());
}

#[otp::test]
async fn a_server_is_found_by_its_key() {
    Users::start_link().await.unwrap();
    let worker = Worker::start_link("user:123".into(), 7).await.unwrap();
    let named = Worker::client("user:123");
    assert_eq!((named.pid(), named.get().await.unwrap().1), (worker.pid(), 7));
    assert_eq!(Worker::client(&"user:123".to_owned()).pid(), worker.pid());
    assert_eq!(Worker::client("nobody").pid(), None);
    let twice = Worker::start_link("user:123".into(), 8).await;
    assert_eq!(twice.unwrap_err(), StartError::AlreadyStarted(worker.pid().unwrap()));
    worker.stop().await.unwrap();
    assert_eq!(Users::lookup("user:123"), Ok(None));
    // Another name in place of its own.
    let text = Worker::start_link("a".into(), 1).name("text").await.unwrap();
    assert_eq!((Users::count(), Worker::named("text").pid()), (Ok(0), text.pid()));
    let other = Worker::start_link("a".into(), 1).via::<Users>("b".into()).await.unwrap();
    assert_eq!(Worker::client("b").pid(), other.pid());
}

#[otp::test]
async fn a_key_is_computed_and_may_have_a_value() {
    Numbers::start_link().await.unwrap();
    let counter = Counter::start_link(3.into(), 7, NotClone).await.unwrap();
    assert_eq!(Counter::client(&307).pid(), counter.pid());
    assert_eq!(Counter::client(&307).ping().await, Ok("pong"));
    assert_eq!(Numbers::lookup(&307).unwrap().unwrap().value, Some(7));
}

#[otp::test(start_paused = true)]
async fn children_are_named_in_a_tree() {
    supervisor! {
        Tree {
            strategy: rest_for_one,
            children: [
                Users,
                Numbers,
                Worker("ann".into(), 1),
                Worker("bob".into(), 2) { id: "bob", name: via(Users, "bobby".to_owned()) },
                Plain(Plain) { name: via(Numbers, 7) },
                Plain(Plain) { id: "other", name: via(crate::Numbers, 8, Some(1)) },
            ],
        }
    }
    let tree = otp::test::start_supervised(Tree::child_spec()).await;
    assert_eq!(Worker::client("ann").get().await.unwrap().1, 1);
    assert_eq!(Worker::client("bobby").get().await.unwrap().1, 2);
    assert_eq!(Worker::client("bob").pid(), None);
    let before = Worker::client("ann").pid();
    Worker::client("ann").fail();
    process::join(before.unwrap()).await;
    tree.count_children().await.unwrap();
    assert_ne!(Worker::client("ann").pid(), before);
    assert_eq!(Worker::client("ann").get().await.unwrap().1, 1);
    let numbers = Numbers::select(|number, _, value| Some((*number, *value)));
    assert_eq!(numbers, Ok(vec![(7, None), (8, Some(1))]));
}

#[otp::test]
async fn a_registry_starts_with_other_options() {
    let heard = Users::options().listener(process::self_pid()).meta("limit", 7_u8);
    Users::start_link_with(heard.clone()).await.unwrap().register("ann".into(), ()).unwrap();
    let message: otp::registry::Registered<String> = process::receive_type().await;
    assert_eq!((message.registry, message.key), (Some(Name::of::<Users>()), "ann".into()));
    assert_eq!(Users::meta::<u8>("limit"), Ok(Some(7)));
    let spec = Users::child_spec_with(heard);
    assert!(format!("{spec:?}").contains("Users"));
    fn is_unique<R: RegistryModule<Kind = Unique>>() {}
    is_unique::<Users>();
}
