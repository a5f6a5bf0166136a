//! An application that tells what happens to it, and does what it is told.

#![allow(unreachable_pub)] // a module of one test

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use otp_core::{
    AppSpec, Application, Applications, ChildSpec, Message, Pid, Restart, StartAppError,
    StartContext, StartMode, Supervisor, SupervisorRef, process,
};

use crate::support::{Plan, Probe};

pub type StartResult = Result<SupervisorRef, Box<dyn Error + Send + Sync>>;
pub type Work<T> = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = T> + Send>> + Send + Sync>;

/// What an [`App`] tells its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step(pub &'static str, pub &'static str);

/// An application with one child, a probe that traps exits.
#[derive(Clone)]
pub struct App {
    pub name: &'static str,
    pub owner: Pid,
    needs: Vec<&'static str>,
    optional: Vec<&'static str>,
    start: Option<Work<StartResult>>,
    prep_stop: Option<Work<()>>,
    stop: Option<Work<()>>,
}

impl App {
    pub fn new(name: &'static str) -> App {
        let owner = process::self_pid();
        let (needs, optional) = (Vec::new(), Vec::new());
        App { name, owner, needs, optional, start: None, prep_stop: None, stop: None }
    }

    pub fn needs(mut self, name: &'static str) -> App {
        self.needs.push(name);
        self
    }

    pub fn optional(mut self, name: &'static str) -> App {
        self.optional.push(name);
        self
    }

    /// What its start does instead.
    pub fn start<F>(mut self, work: impl Fn() -> F + Send + Sync + 'static) -> App
    where
        F: Future<Output = StartResult> + Send + 'static,
    {
        self.start = Some(Arc::new(move || Box::pin(work())));
        self
    }

    pub fn prep_stop<F>(mut self, work: impl Fn() -> F + Send + Sync + 'static) -> App
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.prep_stop = Some(Arc::new(move || Box::pin(work())));
        self
    }

    pub fn stop<F>(mut self, work: impl Fn() -> F + Send + Sync + 'static) -> App
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.stop = Some(Arc::new(move || Box::pin(work())));
        self
    }

    pub fn load(self) {
        Applications::load(self).unwrap();
    }

    fn tell(&self, step: &'static str) {
        process::send(self.owner, Step(self.name, step));
    }
}

impl Application for App {
    fn spec(&self) -> AppSpec {
        let mut spec = AppSpec::new(self.name).description("a test").version("1.2.3");
        for name in &self.needs {
            spec = spec.depends_on_named(*name);
        }
        for name in &self.optional {
            spec = spec.optional(*name);
        }
        spec
    }

    async fn start(&self, _: &StartContext) -> StartResult {
        self.tell("start");
        match &self.start {
            Some(work) => work().await,
            None => tree(self.name, self.owner).await,
        }
    }

    async fn prep_stop(&self) {
        self.tell("prep_stop");
        if let Some(work) = &self.prep_stop {
            work().await;
        }
    }

    async fn stop(&self) {
        self.tell("stop");
        if let Some(work) = &self.stop {
            work().await;
        }
    }
}

/// A supervisor with a probe that tells of its end; it ends when the probe does.
pub async fn tree(name: &'static str, owner: Pid) -> StartResult {
    let mut plan = Plan::new(name).trap().named(name);
    plan.owner = owner;
    let spec = ChildSpec::<Probe>::new(plan).restart(Restart::Permanent);
    Ok(Supervisor::one_for_one().max_restarts(0).child(spec).start_link().await?)
}

/// What was told so far, in order; the ends of probes as the step `terminate`.
pub async fn steps() -> Vec<Step> {
    let mut all = Vec::new();
    let next = |message: Message| match message.downcast::<Step>() {
        Ok(step) => Ok(Some(step)),
        Err(message) => match message.downcast::<crate::support::Told>() {
            Ok(crate::support::Told::Terminate(name, _)) => Ok(Some(Step(name, "terminate"))),
            Ok(_) => Ok(None),
            Err(message) => Err(message),
        },
    };
    while let Some(step) = process::receive_timeout(next, std::time::Duration::ZERO).await {
        all.extend(step);
    }
    all
}

pub async fn start(app: App) -> Result<(), StartAppError> {
    Applications::start(app, StartMode::Temporary).await
}

pub async fn ensure_all(name: &'static str) -> Result<Vec<String>, StartAppError> {
    Applications::ensure_all_started(name, StartMode::Temporary).await
}

/// The names of those that run, the one started last first.
pub fn running() -> Vec<String> {
    Applications::running().into_iter().map(|info| info.name).collect()
}

/// Has a probe end, and with it its tree.
pub fn end(name: &'static str, reason: otp_core::ExitReason) -> Pid {
    let pid = process::whereis(name).expect("the probe runs");
    let server = otp_core::ServerRef::<Probe>::named(otp_core::Name::from(name));
    server.cast(crate::support::Request::StopCast(reason));
    pid
}
