//! Programs that a test needs and a machine may lack.

use std::io::Write;

/// Whether a command is installed. When it is not, that is printed, past what captures the output
/// of tests.
///
/// # Panics
///
/// When it is not and `CI=true`: there nothing may be skipped.
pub fn needs(command: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&paths).any(|folder| folder.join(command).is_file()) {
        return true;
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "`{command}` is not installed");
    let _ = writeln!(std::io::stderr(), "skipped: needs {command}");
    false
}

#[cfg(test)]
mod tests {
    use super::needs;

    #[test]
    fn what_is_there_is_found() {
        assert!(needs("sh"));
    }
}
