//! Process identifiers.

use std::fmt;
use std::num::NonZeroU64;

/// Identifies one process, for ever: a pid is never used again for another process.
///
/// A pid is 16 bytes and `Copy`. It belongs to one node, that is, to one tokio runtime; a message
/// sent to a pid of another node of the same program reaches the process there.
///
/// Sending to the pid of a process that has ended is allowed and does nothing.
///
/// Elixir: `pid()`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pid {
    node: u32,
    index: u32,
    generation: NonZeroU64,
}

impl Pid {
    pub(crate) fn new(node: u32, index: u32, generation: NonZeroU64) -> Pid {
        Pid { node, index, generation }
    }

    pub(crate) fn node(self) -> u32 {
        self.node
    }

    pub(crate) fn index(self) -> u32 {
        self.index
    }

    pub(crate) fn generation(self) -> NonZeroU64 {
        self.generation
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#PID<{}.{}.{}>", self.node, self.index, self.generation)
    }
}

impl fmt::Debug for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Pid;

    #[test]
    fn a_pid_is_two_words_also_in_an_option() {
        assert_eq!(size_of::<Pid>(), 16);
        assert_eq!(size_of::<Option<Pid>>(), 16);
    }
}
