//! The applications of a node: which are loaded, which run, and who waits for whom.
//!
//! The list changes under one lock that is never held while user code runs or anybody waits.

use tokio::sync::watch;

use crate::application::apps::Apps;
use crate::application::error::{LoadAppError, StartAppError, StopAppError, UnloadAppError};
use crate::application::spec::Needed;
use crate::application::{AppInfo, AppSpec, Erased, StartContext, StartMode, Terminated};
use crate::node::Node;
use crate::panic::catch;
use crate::pid::Pid;
use crate::process::block::{Kind, ProcessRef};
use crate::process::current;
use crate::process::spawn::{Never, create};
use crate::reason::ExitReason;
use crate::sync::{Arc, Mutex};

/// The applications of one node.
pub(crate) struct Registry {
    state: Mutex<State>,
    /// The end of an application that ends the program.
    pub(super) terminated: watch::Sender<Option<Terminated>>,
}

#[derive(Default)]
struct State {
    apps: Apps,
    /// How many starts there were.
    starts: u64,
    /// Who waits for whom in a callback, as names.
    waits: Vec<(String, String)>,
    /// How many have undertaken to stop all applications.
    closing: usize,
    /// The root stops the applications when one of them ends the program.
    has_root: bool,
}

pub(super) struct Entry {
    app: Arc<dyn Erased>,
    spec: AppSpec,
    phase: Phase,
}

#[derive(Clone)]
enum Phase {
    Stopped,
    Starting(Arc<Life>),
    Running(Arc<Life>),
    /// Somebody stops it.
    Stopping(Arc<Life>),
    /// Its tree has ended by itself, and its stop callback runs.
    Ending(Arc<Life>),
}

impl Phase {
    fn life(&self) -> Option<&Arc<Life>> {
        match self {
            Phase::Stopped => None,
            Phase::Starting(life)
            | Phase::Running(life)
            | Phase::Stopping(life)
            | Phase::Ending(life) => Some(life),
        }
    }
}

/// An application from its start to the end of its master.
pub(super) struct Life {
    pub(super) master: ProcessRef,
    /// The place in the order of starts.
    pub(super) seq: u64,
    pub(super) mode: StartMode,
    /// What became of the start, once that is known.
    pub(super) started: watch::Sender<Option<Result<(), StartAppError>>>,
    /// The start is to be given up.
    pub(super) abort: watch::Sender<bool>,
    /// What went wrong in a stop callback.
    pub(super) trouble: Mutex<Option<ExitReason>>,
}

/// What a request to start an application finds.
pub(super) enum Begun {
    Running,
    /// This request starts it; the master is to be run.
    Ours(Arc<Life>, Arc<dyn Erased>, StartContext),
    /// It is being started.
    Theirs(Arc<Life>),
    /// It is being stopped.
    Ending(Arc<Life>),
}

/// What a request to stop an application finds.
pub(super) enum Stopping {
    /// This request stops it.
    Ours(Arc<Life>),
    /// It is being stopped.
    Theirs(Arc<Life>),
}

/// The application that is to be stopped next.
pub(super) enum Last {
    Starting(Arc<Life>),
    Running(String),
    Stopping(Arc<Life>),
}

/// Says of the application whose callback is running that it waits for another one.
pub(super) struct Wait {
    node: Arc<Node>,
    edge: Option<(String, String)>,
}

impl Drop for Wait {
    fn drop(&mut self) {
        let Some(edge) = self.edge.take() else { return };
        let mut state = self.node.applications.state.lock();
        if let Some(place) = state.waits.iter().position(|wait| *wait == edge) {
            state.waits.swap_remove(place);
        }
    }
}

impl Default for Registry {
    fn default() -> Registry {
        Registry { state: Mutex::default(), terminated: watch::Sender::new(None) }
    }
}

impl State {
    fn named(&self, name: &str) -> Result<&Entry, StartAppError> {
        self.apps.get(name).ok_or_else(|| StartAppError::NotLoaded {
            application: name.to_owned(),
            needed_by: None,
        })
    }

    /// The application to which the running process belongs.
    fn own(&self) -> Option<(&str, &Phase)> {
        let lineage = current::with(|process| {
            let head = process.head();
            let above = head.lineage.as_ref().map(|lineage| lineage.to_vec()).unwrap_or_default();
            let mut pids: Vec<Pid> = above.into_iter().map(|ancestor| ancestor.pid).collect();
            pids.push(head.pid);
            pids
        })?;
        self.apps.iter().find_map(|(name, entry)| {
            let master = entry.phase.life()?.master.head().pid;
            lineage.contains(&master).then_some((name, &entry.phase))
        })
    }

    /// The application whose callback the running process is part of. While it runs and nobody
    /// stops it, nobody waits for its processes.
    fn callback_of(&self) -> Option<String> {
        match self.own()? {
            (_, Phase::Running(_) | Phase::Stopped) => None,
            (name, _) => Some(name.to_owned()),
        }
    }

    /// The way from `from` to `to` over those who wait for each other.
    fn waiting_path(&self, from: &str, to: &str) -> Option<Vec<String>> {
        let mut ways = vec![vec![from.to_owned()]];
        while let Some(way) = ways.pop() {
            let end = way.last()?;
            if end == to {
                return Some(way);
            }
            for (_, next) in self.waits.iter().filter(|(waits, _)| waits == end) {
                if !way.contains(next) {
                    let mut longer = way.clone();
                    longer.push(next.clone());
                    ways.push(longer);
                }
            }
        }
        None
    }

    /// Enters that the running callback, if any, waits for `target`; the circle if there is one.
    fn enter_wait(&mut self, node: &Arc<Node>, target: &str) -> Result<Wait, Vec<String>> {
        let Some(own) = self.callback_of() else {
            return Ok(Wait { node: Arc::clone(node), edge: None });
        };
        if let Some(mut path) = self.waiting_path(target, &own) {
            path.insert(0, own);
            return Err(path);
        }
        let edge = (own, target.to_owned());
        self.waits.push(edge.clone());
        Ok(Wait { node: Arc::clone(node), edge: Some(edge) })
    }

    /// Whether nothing stops an application from being started.
    fn may_start(&self, name: &str, spec: &AppSpec) -> Result<(), StartAppError> {
        let application = name.to_owned();
        if self.closing > 0 {
            return Err(StartAppError::ShuttingDown { application });
        }
        let runs = |name: &str| {
            matches!(self.apps.get(name).map(|entry| &entry.phase), Some(Phase::Running(_)))
        };
        match spec.needs().find(|(name, optional)| !optional && !runs(name)) {
            None => Ok(()),
            Some((dependency, _)) => {
                Err(StartAppError::NotStarted { application, dependency: dependency.to_owned() })
            }
        }
    }
}

/// An application that is about to be loaded.
type Found = (Arc<dyn Erased>, AppSpec);

impl Registry {
    /// Loads an application and what it needs by value; gives its name.
    pub(super) fn load(&self, app: Arc<dyn Erased>, replace: bool) -> Result<String, LoadAppError> {
        let mut found = Vec::new();
        let name = self.collect(app, &mut found)?;
        #[cfg(feature = "config")]
        for defaults in found.iter().filter_map(|(_, spec)| spec.env.clone()) {
            defaults.into_defaults().map_err(LoadAppError::Env)?;
        }
        #[cfg(feature = "config")]
        let mut environments = Vec::new();
        let mut state = self.state.lock();
        for (app, spec) in &found {
            let present = state.apps.get(spec.name());
            if present.is_some_and(|entry| entry.app.app_type() != app.app_type()) {
                return Err(LoadAppError::NameTaken { application: spec.name().to_owned() });
            }
        }
        if !replace && state.apps.contains(&name) {
            return Err(LoadAppError::AlreadyLoaded { application: name });
        }
        for (app, spec) in found {
            #[cfg(feature = "config")]
            if !state.apps.contains(spec.name()) {
                environments.extend(spec.env.clone());
            }
            let present = state.apps.get(spec.name()).map(|entry| &entry.phase);
            let vacant = match present {
                None => true,
                // Only what was asked for itself takes the place of an earlier value.
                Some(Phase::Stopped) => spec.name() == name,
                Some(_) => false,
            };
            if vacant {
                let phase = Phase::Stopped;
                state.apps.insert(spec.name().to_owned(), Entry { app, spec, phase });
            }
        }
        drop(state);
        #[cfg(feature = "config")]
        environments.into_iter().for_each(crate::env::load_defaults);
        Ok(name)
    }

    /// Asks an application and what it needs by value for their specs. User code, so no lock.
    fn collect(
        &self,
        app: Arc<dyn Erased>,
        found: &mut Vec<Found>,
    ) -> Result<String, LoadAppError> {
        let mut spec = catch(|| app.spec()).map_err(LoadAppError::Spec)?;
        let name = spec.name().to_owned();
        if let Some((other, _)) = found.iter().find(|(_, other)| other.name() == name) {
            return if other.app_type() == app.app_type() {
                Ok(name)
            } else {
                Err(LoadAppError::NameTaken { application: name })
            };
        }
        let needs: Vec<Arc<dyn Erased>> = spec
            .dependencies()
            .iter()
            .filter_map(|dependency| match &dependency.what {
                Needed::Value(app) => Some(Arc::clone(app)),
                Needed::Named(_) => None,
            })
            .collect();
        let place = found.len();
        found.push((app, AppSpec::new(name.as_str())));
        let names: Result<Vec<String>, LoadAppError> =
            needs.into_iter().map(|app| self.collect(app, found)).collect();
        spec.name_dependencies(names?);
        found[place].1 = spec;
        Ok(name)
    }

    /// Forgets an application.
    pub(super) fn unload(&self, name: &str) -> Result<(), UnloadAppError> {
        let mut state = self.state.lock();
        let application = name.to_owned();
        let removed = match state.apps.get(name).map(|entry| &entry.phase) {
            None => return Err(UnloadAppError::NotLoaded { application }),
            Some(Phase::Stopped) => state.apps.remove(name),
            Some(_) => return Err(UnloadAppError::Running { application }),
        };
        drop(state);
        #[cfg(feature = "config")]
        if removed.as_ref().is_some_and(|entry| entry.spec.env.is_some()) {
            crate::env::unload(name);
        }
        drop(removed); // runs the destructor of the user's value
        Ok(())
    }

    /// What has to run for an application, in start order, with itself at the end. What runs
    /// already is left out, and so is what only that needs.
    pub(super) fn plan(&self, name: &str) -> Result<Vec<String>, StartAppError> {
        let state = self.state.lock();
        state.named(name)?;
        let mut plan = Plan { state: &state, order: Vec::new(), path: Vec::new() };
        plan.visit(name)?;
        Ok(plan.order)
    }

    /// Begins the start of one application, if that is possible.
    pub(super) fn begin(
        &self,
        node: &Arc<Node>,
        name: &str,
        mode: StartMode,
    ) -> Result<(Begun, Wait), StartAppError> {
        let mut state = self.state.lock();
        let entry = state.named(name)?;
        let phase = entry.phase.clone();
        let ours = match phase {
            Phase::Running(_) => {
                let wait = Wait { node: Arc::clone(node), edge: None };
                return Ok((Begun::Running, wait));
            }
            Phase::Stopped => {
                state.may_start(name, &entry.spec)?;
                Some((Arc::clone(&entry.app), entry.spec.context()))
            }
            _ => None,
        };
        let wait = state.enter_wait(node, name).map_err(|path| StartAppError::Cycle { path })?;
        let begun = match (phase, ours) {
            (_, Some((app, cx))) => {
                let life = Arc::new(Life::new(node, state.starts, mode));
                state.starts += 1;
                if let Some(entry) = state.apps.get_mut(name) {
                    entry.phase = Phase::Starting(Arc::clone(&life));
                }
                Begun::Ours(life, app, cx)
            }
            (Phase::Starting(life), None) => Begun::Theirs(life),
            (Phase::Stopping(life) | Phase::Ending(life), None) => Begun::Ending(life),
            (Phase::Running(_) | Phase::Stopped, None) => Begun::Running,
        };
        Ok((begun, wait))
    }

    /// The start has succeeded, unless it was given up meanwhile.
    pub(super) fn up(&self, name: &str, life: &Arc<Life>) -> bool {
        let mut state = self.state.lock();
        let Some(entry) = state.apps.get_mut(name) else { return false };
        if *life.abort.borrow() {
            return false;
        }
        entry.phase = Phase::Running(Arc::clone(life));
        true
    }

    /// The tree has ended, although nobody has asked for it.
    pub(super) fn ending(&self, name: &str) {
        let mut state = self.state.lock();
        let Some(entry) = state.apps.get_mut(name) else { return };
        if let Phase::Running(life) = &entry.phase {
            entry.phase = Phase::Ending(Arc::clone(life));
        }
    }

    /// The master has ended. Whether the end was neither asked for nor a failed start.
    pub(super) fn ended(&self, name: &str, seq: u64) -> Ended {
        let mut state = self.state.lock();
        let closing = state.closing > 0;
        let has_root = state.has_root;
        let Some(entry) = state.apps.get_mut(name) else { return Ended::Asked };
        if entry.phase.life().is_none_or(|life| life.seq != seq) {
            return Ended::Asked;
        }
        match std::mem::replace(&mut entry.phase, Phase::Stopped) {
            Phase::Running(_) | Phase::Ending(_) if closing => Ended::Asked,
            Phase::Running(_) | Phase::Ending(_) => Ended::ByItself { has_root },
            Phase::Starting(_) => Ended::WhileStarting,
            Phase::Stopping(_) | Phase::Stopped => Ended::Asked,
        }
    }

    /// Begins the stop of one application.
    pub(super) fn begin_stop(
        &self,
        node: &Arc<Node>,
        name: &str,
    ) -> Result<(Stopping, Wait), StopAppError> {
        let mut state = self.state.lock();
        let wait = state.enter_wait(node, name).map_err(|path| StopAppError::Cycle { path });
        let not_started = || StopAppError::NotStarted { application: name.to_owned() };
        let entry = state.apps.get_mut(name).ok_or_else(not_started)?;
        match entry.phase.clone() {
            Phase::Stopped | Phase::Starting(_) => Err(not_started()),
            Phase::Stopping(life) | Phase::Ending(life) => Ok((Stopping::Theirs(life), wait?)),
            Phase::Running(life) => {
                let wait = wait?;
                entry.phase = Phase::Stopping(Arc::clone(&life));
                Ok((Stopping::Ours(life), wait))
            }
        }
    }

    /// From now on nothing is started, until [`Registry::closed`].
    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.closing += 1;
        for entry in state.apps.values() {
            if let Phase::Starting(life) = &entry.phase {
                life.abort.send_replace(true);
            }
        }
    }

    pub(super) fn closed(&self) {
        self.state.lock().closing -= 1;
    }

    /// The application that was started last and is not gone.
    pub(super) fn last(&self) -> Option<Last> {
        let state = self.state.lock();
        let seq = |entry: &Entry| entry.phase.life().map(|life| life.seq);
        let (name, entry) = state
            .apps
            .iter()
            .filter(|(_, entry)| seq(entry).is_some())
            .max_by_key(|(_, entry)| seq(entry))?;
        match &entry.phase {
            Phase::Stopped => None,
            Phase::Starting(life) => Some(Last::Starting(Arc::clone(life))),
            Phase::Running(_) => Some(Last::Running(name.to_owned())),
            Phase::Stopping(life) | Phase::Ending(life) => Some(Last::Stopping(Arc::clone(life))),
        }
    }

    /// The application of the running process.
    pub(super) fn current(&self) -> Option<String> {
        self.state.lock().own().map(|(name, _)| name.to_owned())
    }

    /// The application whose callback is running, if any.
    pub(super) fn callback(&self) -> Option<String> {
        self.state.lock().callback_of()
    }

    /// Those that are being started.
    pub(crate) fn starting(&self) -> Vec<String> {
        let state = self.state.lock();
        let starting = |entry: &Entry| matches!(entry.phase, Phase::Starting(_));
        let names = state.apps.iter().filter(|(_, entry)| starting(entry));
        names.map(|(name, _)| name.to_owned()).collect()
    }

    pub(super) fn loaded(&self) -> Vec<AppInfo> {
        self.state.lock().apps.values().map(|entry| entry.spec.info()).collect()
    }

    pub(super) fn running(&self) -> Vec<AppInfo> {
        let state = self.state.lock();
        let mut running: Vec<(u64, AppInfo)> = state
            .apps
            .values()
            .filter_map(|entry| match &entry.phase {
                Phase::Running(life) => Some((life.seq, entry.spec.info())),
                _ => None,
            })
            .collect();
        running.sort_unstable_by_key(|(seq, _)| std::cmp::Reverse(*seq));
        running.into_iter().map(|(_, info)| info).collect()
    }

    /// The root of the node stops the applications, whatever ends the program.
    pub(crate) fn belong_to_root(&self) {
        self.state.lock().has_root = true;
    }

    /// The end of an application that ends the program, if there was one.
    pub(crate) fn termination(&self) -> Option<Terminated> {
        self.terminated.borrow().clone()
    }

    /// Ready when an application has ended the program.
    pub(crate) async fn terminated(&self) -> Terminated {
        let mut terminated = self.terminated.subscribe();
        match terminated.wait_for(Option::is_some).await.map(|ended| ended.clone()) {
            Ok(Some(ended)) => ended,
            _ => std::future::pending().await, // the sender lives as long as the node
        }
    }
}

/// What the end of a master was.
pub(super) enum Ended {
    /// Somebody has stopped the application.
    Asked,
    /// The start has failed.
    WhileStarting,
    /// Its tree has ended, or the master was killed.
    ByItself { has_root: bool },
}

impl Life {
    fn new(node: &Arc<Node>, seq: u64, mode: StartMode) -> Life {
        // The master has no parent: who asks for a start is not who the tree belongs to.
        let outside = current::replace(None);
        let master: ProcessRef = create::<Never>(node, Kind::Master, true);
        current::replace(outside);
        Life {
            master,
            seq,
            mode,
            started: watch::Sender::new(None),
            abort: watch::Sender::new(false),
            trouble: Mutex::default(),
        }
    }
}

/// Puts applications behind what they need.
struct Plan<'a> {
    state: &'a State,
    order: Vec<String>,
    path: Vec<String>,
}

impl Plan<'_> {
    fn visit(&mut self, name: &str) -> Result<(), StartAppError> {
        if self.order.iter().any(|done| done == name) {
            return Ok(());
        }
        if let Some(place) = self.path.iter().position(|above| above == name) {
            let mut path = self.path.split_off(place);
            path.push(name.to_owned());
            return Err(StartAppError::Cycle { path });
        }
        let entry = self.state.named(name).map_err(|_| StartAppError::NotLoaded {
            application: name.to_owned(),
            needed_by: self.path.last().cloned(),
        })?;
        if matches!(entry.phase, Phase::Running(_)) {
            return Ok(());
        }
        self.path.push(name.to_owned());
        for (needed, optional) in entry.spec.needs() {
            if !optional || self.state.apps.contains(needed) {
                self.visit(needed)?;
            }
        }
        self.path.pop();
        self.order.push(name.to_owned());
        Ok(())
    }
}
