//! The states of a job, and the only steps between them.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// Where a job is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It can be run at once.
    Available,
    /// It can be run from some time on.
    Scheduled,
    /// It runs.
    Executing,
    /// It has failed and is tried again from some time on.
    Retryable,
    /// It has succeeded.
    Completed,
    /// It has failed for good.
    Discarded,
    /// Somebody did not want it any more.
    Cancelled,
}

/// What can happen to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Its time has come.
    Stage,
    /// A queue takes it to run it.
    Claim,
    /// Its attempt has succeeded.
    Complete,
    /// Its attempt has failed, and there are attempts left.
    Fail,
    /// Its attempt has failed, and there shall be no other.
    Discard,
    /// Somebody does not want it any more.
    Cancel,
    /// The program stops before the attempt is over, so it does not count.
    Release,
    /// Whoever ran it is gone, and there are attempts left.
    Rescue,
    /// Somebody wants it to run now, again or ahead of its time.
    Retry,
}

impl State {
    /// All states, in the order in which they are shown.
    pub const ALL: [State; 7] = [
        State::Available,
        State::Scheduled,
        State::Executing,
        State::Retryable,
        State::Completed,
        State::Discarded,
        State::Cancelled,
    ];

    /// The state after a step, or `None` when the step cannot be taken from here.
    pub fn after(self, step: Step) -> Option<State> {
        use State::{Available, Cancelled, Completed, Discarded, Executing, Retryable, Scheduled};
        match (self, step) {
            (Scheduled | Retryable, Step::Stage) => Some(Available),
            (Available, Step::Claim) => Some(Executing),
            (Executing, Step::Complete) => Some(Completed),
            (Executing, Step::Fail) => Some(Retryable),
            (Executing, Step::Discard) => Some(Discarded),
            (Executing, Step::Release | Step::Rescue) => Some(Available),
            (Available | Scheduled | Retryable | Executing, Step::Cancel) => Some(Cancelled),
            (Scheduled | Retryable | Completed | Discarded | Cancelled, Step::Retry) => {
                Some(Available)
            }
            _ => None,
        }
    }

    /// Whether nothing more happens to it by itself.
    pub fn is_finished(self) -> bool {
        matches!(self, State::Completed | State::Discarded | State::Cancelled)
    }

    /// Its name, as it is kept and shown.
    pub fn name(self) -> &'static str {
        match self {
            State::Available => "available",
            State::Scheduled => "scheduled",
            State::Executing => "executing",
            State::Retryable => "retryable",
            State::Completed => "completed",
            State::Discarded => "discarded",
            State::Cancelled => "cancelled",
        }
    }

    /// The state with this name.
    pub fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<State> {
        State::named(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

#[cfg(test)]
mod tests {
    use super::{State, Step};

    const STEPS: [Step; 9] = [
        Step::Stage,
        Step::Claim,
        Step::Complete,
        Step::Fail,
        Step::Discard,
        Step::Cancel,
        Step::Release,
        Step::Rescue,
        Step::Retry,
    ];

    #[test]
    fn names_are_read_back() {
        for state in State::ALL {
            assert_eq!(State::named(state.name()), Some(state));
            let json = serde_json::to_string(&state).unwrap();
            assert_eq!(json, format!("\"{}\"", state.name()));
        }
        assert_eq!(State::named("done"), None);
    }

    #[test]
    fn a_finished_job_moves_only_by_hand() {
        for state in State::ALL.into_iter().filter(|state| state.is_finished()) {
            for step in STEPS {
                let expected = (step == Step::Retry).then_some(State::Available);
                assert_eq!(state.after(step), expected, "{state:?} {step:?}");
            }
        }
    }

    #[test]
    fn only_an_available_job_is_claimed_and_only_a_running_one_ends() {
        for state in State::ALL {
            let claimed = state.after(Step::Claim).is_some();
            assert_eq!(claimed, state == State::Available, "{state:?}");
            for step in [Step::Complete, Step::Fail, Step::Discard, Step::Release, Step::Rescue] {
                assert_eq!(state.after(step).is_some(), state == State::Executing, "{state:?}");
            }
        }
    }

    #[test]
    fn every_state_is_reached_from_the_two_first_ones() {
        let mut reached = vec![State::Available, State::Scheduled];
        let mut next = 0;
        while let Some(state) = reached.get(next).copied() {
            let new = STEPS.into_iter().filter_map(|step| state.after(step));
            let new: Vec<State> = new.filter(|state| !reached.contains(state)).collect();
            for state in new {
                if !reached.contains(&state) {
                    reached.push(state);
                }
            }
            next += 1;
        }
        reached.sort_unstable();
        assert_eq!(reached, State::ALL);
    }
}
