//! The tutorial's chapter about applications, and an application with everything in it.
#![cfg(feature = "config")]
// The examples are written as they would stand in a program.
#![allow(unreachable_pub, missing_docs, missing_debug_implementations)]

use std::path::PathBuf;

use otp::prelude::*;
use otp::{Sources, env};

/// A server of which the chapter only shows the name.
macro_rules! servers {
    ($($name:ident($($arg:ident: $ty:ty),*);)*) => {$(
        pub struct $name;
        #[gen_server(name)]
        impl $name {
            #[init]
            pub fn init($($arg: $ty),*) -> Self {
                $(let _ = $arg;)*
                $name
            }
        }
    )*};
}

servers! { Repo(); Endpoint(port: u16); Scheduler(jobs: Vec<String>); Router(); Metrics(); }

/// "Application": its children, and its callbacks.
mod my_app {
    use super::*;

    #[registry(duplicate)]
    pub struct PubSub(String);

    supervisor! {
        pub AppSup {
            strategy: one_for_one,
            children: [Repo, PubSub, Endpoint(4000), Scheduler(vec![])],
        }
    }

    pub struct MyApp {
        stopped: Pid,
    }

    #[derive(Debug, PartialEq)]
    struct Stopped;

    impl Application for MyApp {
        fn spec(&self) -> AppSpec {
            // What `config :my_app, api_key: "secret", timeout: 5000` says.
            let defaults = std::collections::BTreeMap::from([("timeout", "5s"), ("api_key", "x")]);
            AppSpec::new("my_app").env(defaults)
        }

        async fn start(&self, _: &StartContext) -> otp::Result<SupervisorRef> {
            Ok(AppSup::start_link().await?)
        }

        async fn stop(&self) {
            process::send(self.stopped, Stopped);
        }
    }

    #[otp::test]
    async fn an_application_starts_its_tree_and_stops_it() {
        let app = MyApp { stopped: process::self_pid() };
        let started = Applications::ensure_all_started(app, StartMode::Temporary).await.unwrap();
        assert_eq!(started, ["my_app"]);
        assert_eq!(AppSup::client().count_children().await.unwrap().active, 4);

        Applications::stop("my_app").await.unwrap();
        assert_eq!(process::receive_type::<Stopped>().await, Stopped);
        assert_eq!(Repo::client().pid(), None);
    }

    #[otp::test]
    async fn its_environment_is_read() {
        Applications::load(MyApp { stopped: process::self_pid() }).unwrap();
        assert_eq!(env::get::<String>("my_app", "api_key").as_deref(), Some("x"));
        assert_eq!(env::get_or("my_app", "missing", "default".to_owned()), "default");
        assert!(env::fetch::<String>("my_app", "missing").is_err());
        env::put("my_app", "key", "value").unwrap();
        assert_eq!(env::fetch::<String>("my_app", "key").unwrap(), "value");
    }
}

/// Nested supervisors, options and configuration.
mod whole {
    use super::*;

    #[derive(Config, Clone)]
    pub struct AppConfig {
        #[config(env = "APP_DATA", default = "data")]
        data: PathBuf,
        #[config(env = "APP_PORT", default = 4000)]
        port: u16,
        #[config(default = false)]
        metrics: bool,
    }

    #[registry(unique)]
    pub struct Users(String);

    #[registry(duplicate)]
    pub struct Topics(String);

    pub struct Counter(i64);

    #[gen_server(name)]
    impl Counter {
        #[init]
        pub fn init(initial: i64) -> Self {
            Counter(initial)
        }

        #[handle_call]
        pub fn get(&self) -> i64 {
            self.0
        }
    }

    pub struct PersistentCounter;

    #[gen_server]
    impl PersistentCounter {
        #[init]
        pub fn init(path: PathBuf) -> Self {
            let _ = path;
            PersistentCounter
        }
    }

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

    #[dynamic_supervisor(max_children = 10_000)]
    pub struct WorkerSup(Worker);

    /// One WorkerSup per core; a key always lands on the same one.
    #[partition_supervisor]
    pub struct WorkerSups(WorkerSup);

    #[task_supervisor]
    pub struct Mailer;

    supervisor! {
        /// Everything the application runs, in start order.
        pub AppSup(config: AppConfig) {
            strategy: rest_for_one,
            max_restarts: 3,
            max_seconds: 5,
            children: [
                Users,
                Topics,
                Counter(0) { restart: transient },
                Counter(100) { id: "second", name: "second" },
                PersistentCounter(config.data.join("counter.txt")) { shutdown: 10s },
                Mailer,
                WorkerSup { after: Users },
                WorkerSups,
                supervisor Web {
                    strategy: one_for_all,
                    children: [
                        Router,
                        Endpoint(config.port) { shutdown: infinity },
                    ],
                },
                Metrics if config.metrics,
            ],
        }
    }

    pub struct App(AppConfig);

    impl Application for App {
        async fn start(&self, _: &StartContext) -> otp::Result<SupervisorRef> {
            Ok(AppSup::start_link(self.0.clone()).await?)
        }
    }

    fn config(metrics: bool) -> AppConfig {
        let sources = Sources::new().var("APP_PORT", "80").put("metrics", metrics);
        AppConfig::load_from(&sources).unwrap()
    }

    #[test]
    fn the_tree_is_drawn_without_a_runtime() {
        let tree = AppSup::tree(config(true)).to_string();
        for child in ["Users", "second", "Mailer", "WorkerSups", "Web", "Endpoint", "Metrics"] {
            assert!(tree.contains(child), "no {child} in\n{tree}");
        }
        assert!(!AppSup::tree(config(false)).to_string().contains("Metrics"));
        assert!(AppSup::to_mermaid(config(true)).starts_with("flowchart"));
        assert!(AppSup::to_dot(config(true)).starts_with("digraph"));
    }

    #[otp::test]
    async fn everything_runs_together() {
        let app = App(config(false));
        Applications::ensure_all_started(app, StartMode::Temporary).await.unwrap();
        assert_eq!(Counter::client().get().await.unwrap(), 0);
        assert_eq!(Counter::named("second").get().await.unwrap(), 100);
        assert_eq!(Mailer::spawn(async { 42 }).await, Ok(42));

        let worker = WorkerSup::start_child(Worker::child_spec("user:123".into())).await.unwrap();
        worker.work(3);
        assert_eq!(Worker::client("user:123").get().await.unwrap().1, 3); // through the registry
        let entry = Users::lookup("user:123").unwrap();
        assert_eq!(entry.map(|entry| entry.pid), worker.pid());

        let counts = WorkerSup::count_children().await.unwrap();
        let counts = (counts.active, counts.specs, counts.supervisors, counts.workers);
        assert_eq!(counts, (1, 1, 0, 1));
        WorkerSup::terminate_child(&worker).await.unwrap();
        assert_eq!(Users::lookup("user:123").unwrap().map(|entry| entry.pid), None);

        WorkerSups::of("user:9").start_child(Worker::child_spec("user:9".into())).await.unwrap();
        assert_eq!(Worker::client("user:9").get().await.unwrap().0, "user:9");

        let tree = AppSup::client().live_tree().await.to_string();
        assert!(tree.contains("Endpoint #PID<"), "{tree}");
        Applications::stop("app").await.unwrap();
        assert_eq!(Counter::client().pid(), None);
    }
}
