//! The scenarios of `golden/proc.txt`.

use super::Scenario;

/// All of them.
pub const SCENARIOS: &[Scenario] = &[];
