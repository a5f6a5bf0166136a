//! The scenarios of `golden/sys.txt` about applications.

use std::collections::BTreeSet;
use std::error::Error;

use otp::{
    AppSpec, Application, Applications, ExitReason, StartAppError, StartContext, StartMode,
    StopAppError, Supervisor, SupervisorRef, process,
};

use super::helpers::tried;
use super::kid::kid;
use super::show::{Outcome, Show, f};
use super::trace::ev;
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    scenario!(
        "APP-T01",
        [
            "APP-START-01",
            "APP-START-02",
            "APP-START-03",
            "APP-START-06",
            "APP-STOP-02",
            "APP-INFO-01"
        ],
        dependencies
    ),
    scenario!("APP-T02", ["APP-START-04", "APP-START-05"], failed_start),
    scenario!("APP-T03", ["APP-STOP-01", "APP-TYPE-04"], stop),
    scenario!("APP-T06", ["APP-START-08"], started_twice),
];

/// An application with one child.
struct App {
    name: &'static str,
    needs: Vec<&'static str>,
    /// Its start fails with this reason.
    fail: Option<&'static str>,
}

impl Application for App {
    fn spec(&self) -> AppSpec {
        let spec = AppSpec::new(self.name).description("x").version("1").start_args(self.name);
        self.needs.iter().fold(spec, |spec, needed| spec.depends_on_named(*needed))
    }

    async fn start(
        &self,
        cx: &StartContext,
    ) -> Result<SupervisorRef, Box<dyn Error + Send + Sync>> {
        let name = *cx.args::<&'static str>().expect("it is in the spec");
        ev(format!("app start {name} {}", cx.start_type()));
        if let Some(reason) = self.fail {
            return Err(ExitReason::error(reason).into());
        }
        let id = format!("{name}kid").leak();
        Ok(Supervisor::one_for_one().max_restarts(0).child(kid(id)).start_link().await?)
    }

    async fn prep_stop(&self) {
        ev("app prep_stop");
    }

    async fn stop(&self) {
        ev("app stop");
    }
}

fn load(name: &'static str, needs: impl IntoIterator<Item = &'static str>) {
    load_app(App { name, needs: needs.into_iter().collect(), fail: None });
}

fn load_app(app: App) {
    Applications::load(app).expect("the name is free");
}

/// A name, which the trace shows as an atom.
struct Atom(String);

impl Show for Atom {
    fn show(&self) -> String {
        self.0.clone()
    }
}

impl Show for StartAppError {
    fn show(&self) -> String {
        match self {
            StartAppError::NotStarted { dependency, .. } => format!("(not_started,{dependency})"),
            StartAppError::AlreadyStarted { application, .. } => {
                format!("(already_started,{application})")
            }
            other => format!("{other:?}"),
        }
    }
}

impl<T: Show> Outcome for Result<T, StartAppError> {
    fn outcome(&self) -> String {
        format!("ok {}", f(self))
    }
}

impl Outcome for Result<(), StopAppError> {
    fn outcome(&self) -> String {
        match self {
            Ok(()) => "ok ok".to_owned(),
            Err(StopAppError::NotStarted { application, .. }) => {
                format!("ok (error,(not_started,{application}))")
            }
            Err(other) => format!("{other:?}"),
        }
    }
}

async fn start(name: &'static str) -> Result<(), StartAppError> {
    Applications::start(name, StartMode::Temporary).await
}

async fn ensure(name: &'static str) -> Result<Vec<Atom>, StartAppError> {
    let started = Applications::ensure_all_started(name, StartMode::Temporary).await?;
    Ok(started.into_iter().map(Atom).collect())
}

/// Prints which of these run.
fn running(names: [&'static str; 2]) {
    let running: BTreeSet<String> = Applications::running().into_iter().map(|it| it.name).collect();
    let running: Vec<&'static str> =
        names.into_iter().filter(|name| running.contains(*name)).collect();
    ev(f(&running));
}

async fn dependencies() {
    load("ap1", []);
    load("ap2", ["ap1"]);
    tried("start", start("ap2").await);
    tried("ensure", ensure("ap2").await);
    tried("again", ensure("ap2").await);
    tried("start running", start("ap1").await);
    for name in ["ap2", "ap1"] {
        tried("stop", Applications::stop(name).await);
    }
    tried("stop stopped", Applications::stop("ap1").await);
    running(["ap1", "ap2"]);
}

async fn failed_start() {
    load("aq1", []);
    load_app(App { name: "aq2", needs: vec!["aq1"], fail: Some("no_port") });
    match ensure("aq2").await {
        Err(StartAppError::Failed { application, reason, .. }) => {
            ev(format!("ensure -> {application} {}", f(&reason)));
        }
        _ => ev("ensure -> no failed start"),
    }
    running(["aq1", "aq2"]);
}

async fn stop() {
    load("ar1", []);
    start("ar1").await.expect("it starts");
    Applications::stop("ar1").await.expect("it stops");
}

/// What a starter tells: whether its request has succeeded.
struct Told(bool);

async fn started_twice() {
    load("au1", []);
    let me = process::self_pid();
    for _ in 0..2 {
        process::spawn(async move {
            process::send(me, Told(ensure("au1").await.is_ok()));
        });
    }
    for _ in 0..2 {
        let Told(succeeded) = process::receive_type().await;
        ev(if succeeded { "ok" } else { "error" });
    }
    Applications::stop("au1").await.expect("it stops");
}
