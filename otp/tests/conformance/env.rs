//! The scenarios of `golden/sys.txt` about the application environment.

use std::collections::BTreeMap;

use otp::env::{self, EnvError};

use super::show::f;
use super::trace::ev;
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    scenario!("APP-T04", ["APP-ENV-01", "APP-ENV-02", "APP-ENV-07"], get_fetch_put_delete),
    scenario!("APP-T05", ["APP-ENV-03"], put_before_loading),
];

/// A word of the script's, which has atoms for it.
fn word(text: Option<String>) -> String {
    text.unwrap_or_else(|| "none".to_owned())
}

async fn get_fetch_put_delete() {
    env::load("as1", BTreeMap::from([("a", 1)])).unwrap();
    ev(f(&env::get::<i64>("as1", "a").unwrap()));
    env::put("as1", "a", 2).unwrap();
    ev(f(&env::fetch::<i64>("as1", "a").map_err(|_| "error")));
    env::delete("as1", "a");
    let fetched = env::fetch::<i64>("as1", "a");
    ev(if fetched.is_err() { "error".to_owned() } else { "ok".to_owned() });
    ev(env::get_or("as1", "zz", "dflt".to_owned()));
    match env::fetch::<String>("as1", "zz") {
        // What `fetch_env!` raises.
        Err(EnvError::Unset { .. }) => ev("fetch! -> raise exception(ArgumentError)"),
        other => ev(format!("fetch! {other:?}")),
    }
    ev(format!("unknown -> ok {}", env::get_or("nope_app", "a", "d".to_owned())));
}

async fn put_before_loading() {
    env::put("at1", "a", "before").unwrap();
    env::put_persistent("at1", "b", "before").unwrap();
    env::load("at1", BTreeMap::from(["a", "b", "c"].map(|key| (key, "spec")))).unwrap();
    let values = ["a", "b", "c", "d"].map(|key| word(env::get("at1", key)));
    ev(format!("[{}]", values.join(",")));
}
