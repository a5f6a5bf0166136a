//! What can go wrong with partitions.

use std::fmt;

use crate::gen_server::CallError;
use crate::supervisor::ChildError;

/// Why a partition supervisor did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartitionError {
    /// No partition supervisor runs under this name or pid. Start it first.
    NoProc,
    /// It was resized to zero partitions, so no key has one. Resize it.
    NoPartitions,
    /// It cannot have more partitions than it was started with. Ask for `most` at the most.
    TooMany {
        /// How many were asked for.
        asked: usize,
        /// How many it was started with.
        most: usize,
    },
    /// A partition could not be started again. The number of partitions is as it was before.
    Start {
        /// Which partition.
        partition: usize,
        /// Why.
        error: ChildError,
    },
    /// The supervisor ended before it answered.
    Call(CallError),
}

impl fmt::Display for PartitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PartitionError::NoProc => f.write_str("the partition supervisor is not running"),
            PartitionError::NoPartitions => f.write_str("the supervisor has no partitions"),
            PartitionError::TooMany { asked, most } => {
                write!(f, "there can be 0 to {most} partitions, not {asked}")
            }
            PartitionError::Start { partition, error } => {
                write!(f, "the partition {partition} could not be started again: {error}")
            }
            PartitionError::Call(error) => {
                write!(f, "the partition supervisor could not be asked: {error}")
            }
        }
    }
}

impl std::error::Error for PartitionError {}

impl From<CallError> for PartitionError {
    fn from(error: CallError) -> PartitionError {
        match error {
            CallError::NoProc => PartitionError::NoProc,
            other => PartitionError::Call(other),
        }
    }
}
