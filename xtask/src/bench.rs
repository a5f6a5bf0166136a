//! `cargo xtask bench`: builds and runs the `benchmarks` crate, or the load of the programs.

use std::path::Path;
use std::process::ExitCode;

/// The examples with a `benches/load.rs`, which starts the real program.
const PROGRAMS: [&str; 3] = ["bank", "job-queue", "chat"];

/// Runs the benchmarks with the given arguments, optimised as the `bench` profile says.
pub(crate) fn run(root: &Path, arguments: &[String]) -> ExitCode {
    match arguments.split_first() {
        Some((first, names)) if first == "programs" => programs(root, names),
        _ => {
            let run = ["run", "--quiet", "--profile", "bench", "--package", "benchmarks", "--"];
            cargo(root, &run, arguments)
        }
    }
}

/// Puts load on the programs that are named, or on all of them, one after the other.
fn programs(root: &Path, names: &[String]) -> ExitCode {
    if let Some(unknown) = names.iter().find(|name| !PROGRAMS.contains(&name.as_str())) {
        eprintln!("there is no load for `{unknown}`; programs: {}", PROGRAMS.join(", "));
        return ExitCode::from(2);
    }
    let mut code = ExitCode::SUCCESS;
    for program in
        PROGRAMS.iter().filter(|name| names.is_empty() || names.iter().any(|n| n == *name))
    {
        println!("\n== {program}");
        let bench = ["bench", "--quiet", "--package", program, "--bench", "load"];
        if cargo(root, &bench, &[]) != ExitCode::SUCCESS {
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn cargo(root: &Path, task: &[&str], arguments: &[String]) -> ExitCode {
    match crate::cargo(root).args(task).args(arguments).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot run cargo: {error}");
            ExitCode::FAILURE
        }
    }
}
