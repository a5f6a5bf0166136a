//! The scenarios of `golden/sys.txt`.

use super::Scenario;

/// All of them.
pub const SCENARIOS: &[Scenario] = &[];
