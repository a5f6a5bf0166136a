//! The tasks of this repository, run as `cargo xtask <task>`.
//!
//! Everything here needs only a stable Rust toolchain.

mod bench;
mod conformance;
mod cost;
mod fuzz;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <task>

tasks:
  test [step ..]            check and test everything; steps: packages, fmt, clippy,
                            tests, ui, conformance, doc, tidy (all of them when none is named)
  conformance               compare the traces of OTP, and print a table
  conformance --coverage [AREA ..] [--require AREA ..]
                            list the statements of the catalogue and the tests that hold them;
                            fails when one of a required area has none
  tidy                      check the rules of the house that no compiler knows
  bench [--quick] [filter]  compare with servers written by hand on tokio, and print a table
  bench programs [name ..]  put load on the examples bank, job-queue and chat
  fuzz [--seed N] [--count N]
                            expand mutated inputs with every macro; a million when not told
  cost [macros] [builds] [crates]
                            what the macros and the library cost those who compile them";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = workspace_root();
    match arguments.split_first() {
        Some((task, rest)) if task == "test" => test::run(&root, rest),
        Some((task, rest)) if task == "conformance" => conformance::run(&root, rest),
        Some((task, [])) if task == "tidy" => tidy::run(&root),
        Some((task, rest)) if task == "bench" => bench::run(&root, rest),
        Some((task, rest)) if task == "fuzz" => fuzz::run(&root, rest),
        Some((task, rest)) if task == "cost" => cost::run(&root, rest),
        Some((task, _)) if task == "help" || task == "--help" => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// The folder of the workspace's `Cargo.toml`.
///
/// Cargo says at run time where this package is, so a moved checkout needs no rebuild.
fn workspace_root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_path_buf)
}

/// A `cargo` command in the workspace, of the same toolchain that runs this program.
fn cargo(root: &Path) -> std::process::Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(program);
    command.current_dir(root).stdin(std::process::Stdio::null());
    command
}
