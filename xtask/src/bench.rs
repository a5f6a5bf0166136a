//! `cargo xtask bench`: builds and runs the `benchmarks` crate.

use std::path::Path;
use std::process::ExitCode;

/// Runs the benchmarks with the given arguments, optimised as the `bench` profile says.
pub(crate) fn run(root: &Path, arguments: &[String]) -> ExitCode {
    let status = crate::cargo(root)
        .args(["run", "--quiet", "--profile", "bench", "--package", "benchmarks", "--"])
        .args(arguments)
        .status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot run cargo: {error}");
            ExitCode::FAILURE
        }
    }
}
