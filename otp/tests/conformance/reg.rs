//! The scenarios of `golden/reg.txt` about registries.

use otp::registry::{Duplicate, Entry, RegistryModule, Unique, UniqueRegistry, Value};
use otp::{
    ExitReason, Message, Name, Pid, Registry, RegistryError, RegistryRef, ServerRef, process,
};

use super::helpers::{idle, in_, kill, ms, next_as, sync, tried};
use super::show::{Show, Value as Plain, f};
use super::srv::{self, Opts, Srv};
use super::trace::{ev, nm};
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    scenario!("REG-T01", ["REG-01", "REG-29"], unique_keys),
    scenario!("REG-T02", ["REG-05", "REG-06"], a_dead_owner),
    scenario!("REG-T03", ["REG-08", "REG-09"], only_the_owner),
    scenario!("REG-T04", ["REG-02", "REG-08", "REG-10"], duplicate_keys),
    scenario!("REG-T05", ["REG-16"], dispatch),
    scenario!("REG-T06", ["REG-19", "REG-20", "GS-START-07"], names),
    scenario!("REG-T07", ["REG-11", "REG-12", "REG-13"], matches),
    scenario!("REG-T08", ["REG-23"], metadata),
    scenario!("REG-T10", ["REG-13", "REG-14"], select),
    scenario!("REG-T11", ["REG-25"], locks),
];

impl<V: Show> Show for Entry<V> {
    fn show(&self) -> String {
        format!("({},{})", f(&self.pid), f(&self.value))
    }
}

impl Show for RegistryError {
    fn show(&self) -> String {
        match self {
            RegistryError::AlreadyRegistered { pid } => format!("(already_registered,{})", f(pid)),
            other => format!("{other:?}"),
        }
    }
}

/// A registration is written `ok` when it succeeds.
fn registered(outcome: Result<(), RegistryError>) -> String {
    outcome.map_or_else(|error| f(&Err::<(), _>(error)), |()| "ok".to_owned())
}

async fn unique<V: Value>() -> RegistryRef<&'static str, V> {
    Registry::unique().start_link().await.expect("it starts")
}

async fn duplicate<V: Value>() -> RegistryRef<&'static str, V, Duplicate> {
    Registry::duplicate().start_link().await.expect("it starts")
}

/// Registers an idle process.
async fn enter<D: otp::registry::Kind>(
    pid: Pid,
    registry: &RegistryRef<&'static str, i32, D>,
    key: &'static str,
    value: i32,
) -> Result<(), RegistryError> {
    let registry = registry.clone();
    in_(pid, async move { registry.register(key, value) }).await.expect("it lives")
}

/// The entries of a unique key as a list.
fn found<V: Value>(registry: &RegistryRef<&'static str, V>, key: &'static str) -> Vec<Entry<V>> {
    registry.lookup(key).expect("it runs").into_iter().collect()
}

fn values<V>(entries: Vec<Entry<V>>) -> Vec<V> {
    entries.into_iter().map(|entry| entry.value).collect()
}

async fn unique_keys() {
    let reg = unique().await;
    let (a, b) = (idle("a").await, idle("b").await);
    ev(registered(enter(a, &reg, "k", 1).await));
    ev(registered(enter(b, &reg, "k", 2).await));
    ev(registered(enter(a, &reg, "k", 3).await));
    ev(f(&found(&reg, "k")));
    ev(f(&found(&reg, "none")));
    ev(format!("count {}", f(&reg.count().expect("it runs"))));
}

async fn a_dead_owner() {
    let reg = unique().await;
    let (a, b) = (idle("a").await, idle("b").await);
    enter(a, &reg, "k", 1).await.expect("it is free");
    kill(a, ExitReason::Kill).await;
    ev(registered(enter(b, &reg, "k", 2).await));
    ev(f(&found(&reg, "k")));
}

async fn only_the_owner() {
    let reg = unique().await;
    let a = idle("a").await;
    enter(a, &reg, "k", 1).await.expect("it is free");
    let update = |reg: &RegistryRef<&'static str, i32>| match reg.update_value("k", |n| n + 1) {
        Err(RegistryError::NotOwner) => "error".to_owned(),
        other => f(&other.expect("it runs")),
    };
    ev(format!("unregister by other {}", f(&reg.unregister("k").expect("it runs"))));
    ev(format!("update by other {}", update(&reg)));
    ev(f(&found(&reg, "k")));
    let own = reg.clone();
    let updated = in_(a, async move { update(&own) }).await.expect("it lives");
    ev(format!("update by owner {updated}"));
    let own = reg.clone();
    let left = in_(a, async move { own.unregister("k").expect("it runs") }).await;
    ev(format!("unregister by owner {}", f(&left.expect("it lives"))));
    ev(f(&found(&reg, "k")));
}

async fn duplicate_keys() {
    let reg = duplicate().await;
    let (a, b) = (idle("a").await, idle("b").await);
    for (pid, key, value) in [(a, "t", 1), (a, "t", 2), (b, "t", 3), (b, "u", 4)] {
        enter(pid, &reg, key, value).await.expect("it runs");
    }
    ev(f(&reg.lookup("t").expect("it runs")));
    let keys = reg.keys(b).expect("it runs");
    ev(f(&keys.into_iter().map(str::to_owned).collect::<Vec<_>>()));
    ev(f(&reg.values("t", a).expect("it runs")));
    ev(format!("count {}", f(&reg.count().expect("it runs"))));
    let own = reg.clone();
    let _ = in_(a, async move { own.unregister("t") }).await;
    ev(f(&reg.lookup("t").expect("it runs")));
}

async fn dispatch() {
    let reg = duplicate().await;
    let (a, b, me) = (idle("a").await, idle("b").await, process::self_pid());
    enter(a, &reg, "t", 1).await.expect("it runs");
    enter(b, &reg, "t", 2).await.expect("it runs");
    let told = reg.dispatch("t", |entries| {
        ev(format!("same process {}", process::self_pid() == me));
        entries.iter().for_each(|entry| entry.send(("news", entry.value)));
    });
    ev(f(&told.expect("it runs")));
    sync(a).await;
    sync(b).await;
    ev(f(&reg.dispatch("empty", |_| ev("never")).expect("it runs")));
}

/// The registry of the names.
struct R6;

impl RegistryModule for R6 {
    type Key = &'static str;
    type Value = Option<&'static str>;
    type Kind = Unique;
}

impl UniqueRegistry for R6 {}

async fn names() {
    R6::options().start_link().await.expect("it starts");
    let via = || Name::in_registry::<R6>("srv");
    srv::start(Opts::new().name("a")).name(via()).await.expect("it starts");
    let named = ServerRef::<Srv>::named(via());
    ev(f(&srv::call(&named, |from, _, _| otp::Next::answer(from, 1)).await.expect("it answers")));
    tried("dup", srv::start(Opts::new().name("b")).name(via()).await);
    named.stop().await.expect("it stops");
    ev(f(&process::whereis(via())));
    tried("call", named.call(srv::Request::Get).await);
    named.cast(srv::Request::Cast("nobody".to_owned()));
    tried("cast", Plain(()));
    let start = srv::start(Opts::new().name("c"));
    start.via_with::<R6>("srv", Some("meta")).await.expect("it starts");
    ev(f(&values(found(&R6::registry(), "srv"))));
}

async fn matches() {
    let reg = duplicate().await;
    for value in [("x", 1), ("x", 2), ("y", 3)] {
        reg.register("k", value).expect("it runs");
    }
    ev(f(&reg.count_match("k", |_, value| value.0 == "x").expect("it runs")));
    ev(f(&values(reg.matches("k", |_, value| value.0 == "y").expect("it runs"))));
    ev(f(&reg.unregister_match("k", |value| value.0 == "x").expect("it runs")));
    ev(f(&values(reg.lookup("k").expect("it runs"))));
}

async fn metadata() {
    let reg = Registry::unique::<u8, ()>().meta("colour", "red").start_link().await;
    let reg = reg.expect("it starts");
    let shown = |meta: Option<String>| meta.map_or("error".to_owned(), |it| format!("(ok,{it})"));
    let text = |key| reg.meta::<&str>(key).expect("it runs").map(|it| f(&it));
    ev(shown(text("colour")));
    ev(shown(text("none")));
    reg.put_meta("size", 3).expect("it runs");
    ev(shown(reg.meta::<i32>("size").expect("it runs").map(|it| f(&it))));
}

async fn select() {
    let reg = unique().await;
    for (key, value) in [("a", 1), ("b", 2), ("c", 3)] {
        reg.register(key, value).expect("it is free");
    }
    let many = reg.select(|key, _, value| (*value > 1).then_some((*key, *value)));
    ev(f(&many.expect("it runs")));
    ev(f(&reg.count_select(|_, _, value| *value < 3).expect("it runs")));
}

async fn locks() {
    let reg = Registry::unique::<u32, ()>().start_link().await.expect("it starts");
    let me = process::self_pid();
    let hold = |name: &'static str, key: u32| {
        let reg = reg.clone();
        process::spawn(async move {
            nm(process::self_pid(), name);
            let work = async move {
                process::send(me, ("locked", name.to_owned()));
                process::receive_type::<Release>().await;
            };
            reg.lock(key, work).await.expect("it runs");
            process::send(me, ("free", name.to_owned()));
        })
    };
    let a = hold("a", 1);
    next_as("msg", ms(500)).await;
    hold("b", 1);
    next_as("msg", ms(60)).await;
    hold("c", 2);
    next_as("msg", ms(500)).await;
    process::send(a, Release);
    let mut got = Vec::new();
    for _ in 0..2 {
        let one = process::receive_timeout(Message::downcast::<(&str, String)>, ms(500));
        got.extend(one.await);
    }
    got.sort();
    ev(f(&got));
}

struct Release;
