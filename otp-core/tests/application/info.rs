//! Looking at applications.

use otp_core::{AppInfo, Applications, StartMode, UnloadAppError, process};

use crate::app::{App, running, start, tree};
use crate::support::paused;

/// APP-INFO-01: with description and version; those that run in reverse start order.
#[test]
fn applications_are_listed_with_what_they_say_of_themselves() {
    paused(async {
        App::new("b").load();
        App::new("a").load();
        let loaded = Applications::loaded();
        let names: Vec<&str> = loaded.iter().map(|info| info.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        let AppInfo { description, version, .. } = &loaded[0];
        assert_eq!((description.as_str(), version.as_str()), ("a test", "1.2.3"));
        assert!(running().is_empty());
        Applications::start("a", StartMode::Temporary).await.unwrap();
        Applications::start("b", StartMode::Temporary).await.unwrap();
        assert_eq!(running(), ["b", "a"]);
        assert_eq!(Applications::running()[1], loaded[0]);
    });
}

/// APP-INFO-02: the application of a process; `otp::app_spec!` gives that of a crate.
#[test]
fn a_process_knows_its_application() {
    paused(async {
        let owner = process::self_pid();
        let app = App::new("a").start(move || async move {
            process::spawn_link(async move {
                process::send(owner, Applications::current());
                std::future::pending::<()>().await;
            });
            tree("a", owner).await
        });
        start(app).await.unwrap();
        let current: Option<String> = process::receive_type().await;
        assert_eq!(current.as_deref(), Some("a"));
        assert_eq!(Applications::current(), None);
    });
}

#[test]
fn an_application_can_be_forgotten_when_it_does_not_run() {
    paused(async {
        start(App::new("a")).await.unwrap();
        let error = Applications::unload("a").unwrap_err();
        assert!(matches!(error, UnloadAppError::Running { .. }), "{error}");
        Applications::stop("a").await.unwrap();
        Applications::unload("a").unwrap();
        let error = Applications::unload("a").unwrap_err();
        assert!(matches!(error, UnloadAppError::NotLoaded { .. }), "{error}");
        assert!(Applications::loaded().is_empty());
    });
}

/// APP-ENV-02, APP-ENV-03: its own defaults come with the application when it is loaded; what was
/// put to stay goes before them.
#[cfg(feature = "config")]
#[test]
fn an_application_brings_the_defaults_of_its_environment() {
    use std::collections::BTreeMap;

    use otp_core::{AppSpec, Application, LoadAppError, StartContext, SupervisorRef, env};

    struct Bank(Option<u8>);
    impl Application for Bank {
        fn spec(&self) -> AppSpec {
            match self.0 {
                Some(pool) => AppSpec::new("bank").env(BTreeMap::from([("pool", pool)])),
                None => AppSpec::new("faulty").env("no table"),
            }
        }
        async fn start(
            &self,
            _: &StartContext,
        ) -> Result<SupervisorRef, Box<dyn std::error::Error + Send + Sync>> {
            Ok(otp_core::Supervisor::one_for_one().start_link().await?)
        }
    }

    paused(async {
        Applications::load(Bank(Some(4))).unwrap();
        assert_eq!(env::get::<u8>("bank", "pool"), Some(4));
        env::put("bank", "pool", 5).unwrap();
        // Starting it loads nothing anew.
        Applications::start(Bank(Some(4)), StartMode::Temporary).await.unwrap();
        assert_eq!(env::get::<u8>("bank", "pool"), Some(5));
        Applications::stop("bank").await.unwrap();
        assert_eq!(env::get::<u8>("bank", "pool"), Some(5));
        Applications::unload("bank").unwrap();
        assert_eq!(env::get::<u8>("bank", "pool"), None);
        let error = Applications::load(Bank(None)).unwrap_err();
        assert!(matches!(error, LoadAppError::Env(_)), "{error}");
        assert_eq!(Applications::loaded(), []);
    });
}
