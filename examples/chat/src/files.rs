//! How many sockets the program may have.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the program's own limit of open files as far as the system allows, and says how far that
/// is; `None` when there is no limit.
///
/// # Errors
///
/// The system does not allow it after all.
pub fn raise_limit() -> rustix::io::Result<Option<u64>> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit)?;
    Ok(limit.current)
}
