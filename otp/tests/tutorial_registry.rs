//! The chapter about `Registry` in the tutorial, and two longer examples.

// The examples are written as they would stand in a library.
#![allow(unreachable_pub, missing_docs, missing_debug_implementations)]

use otp::prelude::*;
use otp::{Registry, RegistryRef};

/// "Registry": workers that are found by their id.
mod names {
    use super::*;

    #[registry(unique)]
    pub struct MyRegistry(String);

    pub struct Worker {
        id: String,
    }

    #[gen_server(name = via(MyRegistry, id))]
    impl Worker {
        #[init]
        pub fn init(id: String) -> Self {
            Worker { id }
        }

        #[handle_call]
        pub fn get(&self) -> String {
            self.id.clone()
        }
    }

    #[otp::test]
    async fn a_worker_is_called_by_its_id() {
        supervisor! { App { strategy: one_for_one, children: [MyRegistry] } }
        otp::test::start_supervised(App::child_spec()).await;

        let worker = Worker::start_link("user:123".into()).await.unwrap();
        assert_eq!(Worker::client("user:123").get().await.unwrap(), "user:123");

        let entry = MyRegistry::lookup("user:123").unwrap().unwrap();
        assert_eq!((Some(entry.pid), entry.value), (worker.pid(), ()));
    }
}

/// "Registry with duplicate keys": publish and subscribe.
mod topics {
    use super::*;

    #[registry(duplicate)]
    pub struct PubSub(String);

    #[derive(Clone, Debug, PartialEq)]
    struct News(&'static str);

    #[otp::test]
    async fn every_subscriber_of_a_topic_hears_the_news() {
        PubSub::start_link().await.unwrap();
        let me = process::self_pid();
        for _ in 0..2 {
            process::spawn_link(async move {
                PubSub::register("topic:news".into()).unwrap();
                process::send(me, ());
                let news: News = process::receive_type().await;
                process::send(me, news);
            });
            process::receive_type::<()>().await;
        }
        PubSub::dispatch("topic:news", |entries| {
            for entry in entries {
                entry.send(News("it rains"));
            }
        })
        .unwrap();
        for _ in 0..2 {
            assert_eq!(process::receive_type::<News>().await, News("it rains"));
        }
        // The same in one word; both subscribers have ended meanwhile, or are about to.
        assert!(PubSub::broadcast("topic:news", News("it pours")).unwrap() <= 2);
        assert_eq!(PubSub::broadcast("topic:sport", News("nobody hears it")), Ok(0));
    }

    /// A subscriber that does not read its messages, and one that has died, disturb nobody.
    #[otp::test(start_paused = true)]
    async fn a_slow_or_dead_subscriber_disturbs_nobody() {
        PubSub::start_link().await.unwrap();
        let me = process::self_pid();
        let subscribe = || {
            process::spawn(async move {
                PubSub::register("topic:news".into()).unwrap();
                process::send(me, ());
                std::future::pending::<()>().await;
            })
        };
        let (slow, dead) = (subscribe(), subscribe());
        process::receive_type::<()>().await;
        process::receive_type::<()>().await;
        PubSub::register("topic:news".into()).unwrap();
        process::send_exit(dead, ExitReason::Kill);
        process::join(dead).await;
        for _ in 0..1_000 {
            assert_eq!(PubSub::broadcast("topic:news", News("it rains")), Ok(2));
        }
        assert_eq!(process::info(slow).unwrap().message_queue_len, 1_000);
        for _ in 0..1_000 {
            assert_eq!(process::receive_type::<News>().await, News("it rains"));
        }
        process::send_exit(slow, ExitReason::Kill);
        process::join(slow).await;
    }

    #[otp::test]
    async fn the_same_without_a_macro() {
        let topics: RegistryRef<String, (), otp::registry::Duplicate> =
            Registry::duplicate().start_link().await.unwrap();
        topics.register("topic:news".into(), ()).unwrap();
        assert_eq!(topics.broadcast("topic:news", News("it rains")), Ok(1));
        assert_eq!(process::receive_type::<News>().await, News("it rains"));
    }
}

/// Workers under a dynamic supervisor that are found by their id.
mod workers {
    use super::*;

    /// Finds a worker's process by its id.
    #[registry(unique)]
    pub struct Users(String);

    pub struct Worker {
        id: String,
        done: u64,
    }

    #[gen_server(name = via(Users, id), restart = transient)]
    impl Worker {
        #[init]
        pub fn init(id: String) -> Self {
            Worker { id, done: 0 }
        }

        #[handle_call]
        pub fn get(&self) -> (String, u64) {
            (self.id.clone(), self.done)
        }

        #[handle_cast]
        pub fn work(&mut self, units: u64) {
            self.done += units;
        }
    }

    #[otp::test]
    async fn demo() -> otp::Result<()> {
        Users::start_link().await?;
        let sup = DynamicSupervisor::of::<Worker>().max_children(10_000).start_link().await?;
        let worker = sup.start_child(Worker::child_spec("user:123".into())).await?;
        worker.work(3);
        assert_eq!(Worker::client("user:123").get().await?.1, 3); // through the registry
        assert_eq!(Users::lookup("user:123")?.map(|entry| entry.pid), worker.pid());

        let counts = sup.count_children().await?;
        assert_eq!((counts.active, counts.specs, counts.supervisors, counts.workers), (1, 1, 0, 1));
        sup.terminate_child(&worker).await?;
        assert_eq!(Users::lookup("user:123")?, None);
        Ok(())
    }
}

/// A chat room on a duplicate registry.
mod chat {
    use super::*;

    #[registry(unique)]
    pub struct Nicks(String);
    #[registry(duplicate)]
    pub struct Rooms(String);

    #[derive(Clone, Debug, PartialEq)]
    pub struct Said {
        pub room: String,
        pub from: String,
        pub text: String,
    }

    #[derive(Clone, Debug, PartialEq)]
    pub enum ChatError {
        NotInRoom,
        AlreadyInRoom,
        Closed,
    }

    impl From<RegistryError> for ChatError {
        fn from(_: RegistryError) -> ChatError {
            ChatError::Closed
        }
    }

    pub struct User {
        nick: String,
        rooms: Vec<String>,
        inbox: Vec<Said>,
    }

    #[gen_server(name = via(Nicks, nick), restart = temporary)]
    impl User {
        #[init]
        pub fn init(nick: String) -> Self {
            User { nick, rooms: Vec::new(), inbox: Vec::new() }
        }

        #[handle_call]
        pub fn join(&mut self, room: String) -> Result<(), ChatError> {
            if self.rooms.contains(&room) {
                return Err(ChatError::AlreadyInRoom);
            }
            Rooms::register(room.clone())?; // this process; removed when it dies
            self.rooms.push(room);
            Ok(())
        }

        #[handle_call]
        pub fn say(&mut self, room: String, text: String) -> Result<usize, ChatError> {
            if !self.rooms.contains(&room) {
                return Err(ChatError::NotInRoom);
            }
            let said = Said { room: room.clone(), from: self.nick.clone(), text };
            Ok(Rooms::broadcast(&room, said)?)
        }

        #[handle_info]
        fn said(&mut self, said: Said) {
            self.inbox.push(said);
        }

        #[handle_call]
        pub fn inbox(&mut self) -> Vec<Said> {
            std::mem::take(&mut self.inbox)
        }
    }

    supervisor! {
        pub Chat {
            strategy: one_for_all,
            children: [Nicks, Rooms],
        }
    }

    #[otp::test]
    async fn everybody_in_the_room_hears_it() {
        otp::test::start_supervised(Chat::child_spec()).await;
        let users = DynamicSupervisor::of::<User>().start_link().await.unwrap();
        let ann = users.start_child(User::child_spec("ann".into())).await.unwrap();
        let bob = users.start_child(User::child_spec("bob".into())).await.unwrap();
        ann.join("rust".into()).or_exit().await.unwrap();
        bob.join("rust".into()).or_exit().await.unwrap();
        assert_eq!(ann.say("rust".into(), "hi".into()).or_exit().await, Ok(2));
        assert_eq!(bob.inbox().or_exit().await[0].text, "hi");
        let outside = bob.say("otp".into(), "?".into()).or_exit().await;
        assert_eq!(outside, Err(ChatError::NotInRoom));

        users.terminate_child(&bob).await.unwrap();
        assert_eq!(ann.say("rust".into(), "who is here?".into()).or_exit().await, Ok(1));
        assert_eq!(User::client("bob").pid(), None);
    }
}
