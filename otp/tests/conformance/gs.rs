//! The scenarios of `golden/gs.txt`.

use otp::ServerRef;

use super::helpers::tried;
use super::show::Value;
use super::srv::{Srv, cast_value, up};
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[scenario!("GS-T16", ["GS-CAST-01"], cast_never_fails)];

async fn cast_never_fails() {
    let a = up("a").await;
    a.stop().await.unwrap();
    cast_value(&a, "x");
    tried("dead", Value(()));
    cast_value(&ServerRef::<Srv>::named("gs_t16_nobody"), "x");
    tried("unknown", Value(()));
}
