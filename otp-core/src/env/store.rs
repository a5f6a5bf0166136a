//! The values of one node, by application.

use std::collections::{BTreeMap, HashMap};

use crate::config::sources::{failed, read_standard_file};
use crate::config::value::{Found, Kind, Table, find, insert, into_table, merge, parts, remove};
use crate::config::{ConfigSource, Fault, Value, Values};
use crate::node::Node;
use crate::sync::Mutex;

/// The application environment of a node.
#[derive(Default)]
pub(crate) struct Store(Mutex<State>);

/// What was put outside of any runtime, which every runtime starts with.
static OUTSIDE: Store = Store(Mutex::new(State::new()));

impl Store {
    /// The store of a new node.
    pub(crate) fn inherited() -> Store {
        Store(Mutex::new(OUTSIDE.0.lock().clone()))
    }
}

#[derive(Clone, Default)]
struct State {
    /// Files, providers and persistent values by application, as they stand in a file; `None`
    /// before the standard file was read.
    config: Option<Table>,
    /// What is wrong with the files.
    faults: Vec<Fault>,
    /// Whether somebody was told of the faults.
    told: bool,
    /// Applications that were loaded or put to; all others have what `config` says.
    apps: Option<HashMap<String, App>>,
}

#[derive(Clone, Default)]
struct App {
    loaded: bool,
    values: Table,
}

/// The answer to a question for one key.
pub(super) enum Lookup {
    Value(Value),
    Unset,
    UnknownApplication,
}

impl State {
    const fn new() -> State {
        State { config: None, faults: Vec::new(), told: false, apps: None }
    }

    /// What files and providers say, with the standard file read now if it was not.
    fn config(&mut self) -> &mut Table {
        let faults = &mut self.faults;
        self.config.get_or_insert_with(|| {
            read_standard_file().unwrap_or_else(|fault| {
                faults.push(*fault);
                Table::new()
            })
        })
    }

    fn configured(&mut self, app: &str) -> Option<Table> {
        self.config().get(app).cloned().map(into_table)
    }

    /// An application's values; the application is made if there is none.
    fn app(&mut self, name: &str) -> &mut App {
        let configured = self.configured(name).unwrap_or_default();
        let apps = self.apps.get_or_insert_with(HashMap::new);
        apps.entry(name.to_owned()).or_insert_with(|| App { loaded: false, values: configured })
    }

    fn known(&self, name: &str) -> Option<&App> {
        self.apps.as_ref().and_then(|apps| apps.get(name))
    }
}

/// Runs with the values of the current node, or of the program outside of any.
///
/// Nothing in here may run code of users, as it holds a lock.
fn with<R>(run: impl FnOnce(&mut State) -> R) -> R {
    match Node::current() {
        Some(node) => run(&mut node.env.0.lock()),
        None => run(&mut OUTSIDE.0.lock()),
    }
}

pub(super) fn lookup(app: &str, key: &str) -> Lookup {
    with(|state| {
        let configured = match state.known(app) {
            None => state.configured(app),
            Some(_) => None,
        };
        let (loaded, values) = match (state.known(app), &configured) {
            (Some(app), _) => (app.loaded, &app.values),
            (None, Some(values)) => (false, values),
            (None, None) => return Lookup::UnknownApplication,
        };
        match find(values, parts(key)) {
            Found::Value(value) => Lookup::Value(value.clone()),
            _ if loaded || !values.is_empty() => Lookup::Unset,
            _ => Lookup::UnknownApplication,
        }
    })
}

/// The faults of the files, for somebody who can return them.
pub(super) fn faults() -> Vec<Fault> {
    with(|state| {
        state.config();
        state.faults.clone()
    })
}

/// The faults of the files that nobody was told of yet, for a report.
pub(super) fn faults_to_tell() -> Vec<Fault> {
    with(|state| {
        state.config();
        match std::mem::replace(&mut state.told, true) {
            true => Vec::new(),
            false => state.faults.clone(),
        }
    })
}

pub(super) fn all(app: &str) -> BTreeMap<String, Value> {
    with(|state| match state.known(app) {
        Some(app) => app.values.clone(),
        None => state.configured(app).unwrap_or_default(),
    })
}

pub(super) fn put(app: &str, key: &str, value: Value, persistent: bool) {
    with(|state| {
        if persistent {
            insert(state.config(), &format!("{app}.{key}"), value.clone());
        }
        insert(&mut state.app(app).values, key, value);
    });
}

/// Lays tables over those of their applications, in one step.
pub(super) fn put_all(tables: Vec<(String, Table)>) {
    with(|state| {
        for (app, table) in tables {
            merge(&mut state.app(&app).values, table);
        }
    });
}

pub(super) fn delete(app: &str, key: &str) -> bool {
    with(|state| {
        let known = state.known(app).is_some() || state.configured(app).is_some();
        known && remove(&mut state.app(app).values, key).is_some()
    })
}

/// Gives an application its defaults, under what is configured for it.
pub(super) fn load(app: &str, mut defaults: Table) {
    with(|state| {
        merge(&mut defaults, state.configured(app).unwrap_or_default());
        let app = state.app(app);
        app.loaded = true;
        app.values.extend(defaults);
    });
}

pub(super) fn unload(app: &str) -> bool {
    with(|state| state.apps.as_mut().is_some_and(|apps| apps.remove(app).is_some()))
}

/// Lays a file or what a provider wrote over the configuration, under what was put.
pub(super) fn configure(table: Table) {
    with(|state| {
        for (app, values) in &table {
            if state.known(app).is_some() {
                merge(&mut state.app(app).values, into_table(values.clone()));
            }
        }
        merge(state.config(), table);
    });
}

/// Runs a provider over what is configured so far.
pub(super) fn provide<E>(run: impl FnOnce(&mut Values) -> Result<(), E>) -> Result<(), E> {
    let mut values = Values::new(with(|state| state.config().clone()));
    run(&mut values)?;
    configure(values.finish().1);
    Ok(())
}

/// All that is configured, with the values of `app` as they are now.
pub(crate) fn snapshot(app: Option<&str>, faults: &mut Vec<Fault>) -> Table {
    with(|state| {
        let mut table = state.config().clone();
        if let Some(known) = app.and_then(|app| state.known(app)) {
            let name = app.unwrap_or_default();
            table.insert(name.to_owned(), Kind::Table(known.values.clone()).into());
        }
        faults.extend(state.faults.iter().cloned());
        state.told = true;
        table
    })
}

/// The fault of a provider.
pub(super) fn provider_fault(message: String) -> Fault {
    Fault { source: Some(ConfigSource::Provider), ..failed("", message) }
}
