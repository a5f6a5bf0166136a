//! `cargo xtask cost`: what the macros and the library cost those who compile them.
//!
//! Everything is built under `target/cost`: a crate of many servers with the macros and the same
//! crate by hand, and two crates that only depend on something. Each figure is printed with its
//! goal.

mod generate;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use self::generate::{SERVERS, TREES};

/// How often the two crates of servers are checked, and the two trees are built.
const CHECKS: usize = 5;
const BUILDS: usize = 3;

const MACRO_GOAL: f64 = 1.3;
const BUILD_GOAL: f64 = 1.5;
const CRATES_GOAL: usize = 30;

/// What a run took.
#[derive(Debug, Clone, Copy)]
struct Cost {
    wall: Duration,
    /// Of all processes; where the system does not tell, the same as `wall`.
    cpu: Duration,
}

/// Measures everything, or what the arguments name: `macros`, `builds`, `crates`.
pub(crate) fn run(root: &Path, arguments: &[String]) -> ExitCode {
    let wanted = |part: &str| arguments.is_empty() || arguments.iter().any(|it| it == part);
    let result = (|| {
        let folder = write_workspace(root)?;
        if wanted("macros") {
            macros(root, &folder)?;
        }
        if wanted("builds") {
            builds(root, &folder)?;
        }
        if wanted("crates") {
            crates(root)?;
        }
        Ok::<(), io::Error>(())
    })();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// `target/cost`, with a workspace of its own in it.
fn write_workspace(root: &Path) -> io::Result<PathBuf> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let folder = root.join(target).join("cost");
    let otp = format!("otp = {{ path = {:?} }}", root.join("otp"));
    let members = [
        ("macros", otp.clone(), generate::with_macros()),
        ("by-hand", otp.clone(), generate::by_hand()),
        ("only-otp", otp, String::new()),
        (
            "only-tokio",
            "tokio = { version = \"1\", features = [\"full\"] }\n\
             syn = { version = \"3\", features = [\"full\"] }"
                .to_owned(),
            String::new(),
        ),
    ];
    for (name, dependencies, code) in &members {
        let source = folder.join(name).join("src");
        std::fs::create_dir_all(&source)?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             publish = false\n\n[dependencies]\n{dependencies}\n"
        );
        std::fs::write(folder.join(name).join("Cargo.toml"), manifest)?;
        std::fs::write(source.join("lib.rs"), code)?;
    }
    let names: Vec<&str> = members.iter().map(|(name, ..)| *name).collect();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {names:?}\n");
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    // The same versions of the dependencies.
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    succeed(cargo(root, &folder, &folder.join("target")).arg("fetch"))?;
    Ok(folder)
}

/// Cargo in the folder, without what an incremental build would remember.
fn cargo(root: &Path, folder: &Path, target: &Path) -> Command {
    let mut command = crate::cargo(root);
    command.current_dir(folder).env("CARGO_TARGET_DIR", target).env("CARGO_INCREMENTAL", "0");
    command
}

/// The crate of servers with the macros, against the one by hand.
fn macros(root: &Path, folder: &Path) -> io::Result<()> {
    let target = folder.join("target");
    let check = |name: &str| -> io::Result<Cost> {
        let source = folder.join(name).join("src/lib.rs");
        let code = std::fs::read(&source)?;
        std::fs::write(&source, code)?; // a new time stamp
        measured(cargo(root, folder, &target).args(["check", "--offline", "--quiet", "-p", name]))
    };
    let mut costs = [Vec::new(), Vec::new()];
    for round in 0..=CHECKS {
        for (costs, name) in costs.iter_mut().zip(["macros", "by-hand"]) {
            let cost = check(name)?;
            if round > 0 {
                costs.push(cost); // the first round built the dependencies
            }
        }
    }
    println!("\n{SERVERS} servers and {TREES} trees, `cargo check`, median of {CHECKS}");
    compare(["with the macros", "by hand"], &costs, MACRO_GOAL);
    Ok(())
}

/// A build of the library from nothing, against one of tokio and syn.
fn builds(root: &Path, folder: &Path) -> io::Result<()> {
    let mut costs = [Vec::new(), Vec::new()];
    for _ in 0..BUILDS {
        for (costs, name) in costs.iter_mut().zip(["only-otp", "only-tokio"]) {
            let target = folder.join("cold");
            if target.exists() {
                std::fs::remove_dir_all(&target)?;
            }
            let mut build = cargo(root, folder, &target);
            costs.push(measured(build.args(["build", "--offline", "--quiet", "-p", name]))?);
            std::fs::remove_dir_all(&target)?;
        }
    }
    println!("\na cold `cargo build`, median of {BUILDS}");
    compare(["otp", "tokio (full) and syn (full)"], &costs, BUILD_GOAL);
    Ok(())
}

/// How many crates a user of the library compiles.
fn crates(root: &Path) -> io::Result<()> {
    let arguments = ["tree", "--package", "otp", "--edges", "normal,build", "--prefix", "none"];
    let output = crate::cargo(root).args(arguments).args(["--format", "{p}"]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let crates: BTreeSet<&str> = text.lines().filter_map(|line| line.split(" (").next()).collect();
    let crates: Vec<&str> = crates.into_iter().filter(|name| !name.is_empty()).collect();
    println!("\ncrates in the default tree of otp: {} (goal <= {CRATES_GOAL})", crates.len());
    println!("  {}", crates.join(", "));
    Ok(())
}

/// Runs a command that has to succeed.
fn succeed(command: &mut Command) -> io::Result<()> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{command:?}: {status}"))) }
}

fn measured(command: &mut Command) -> io::Result<Cost> {
    let (cpu, start) = (cpu_of_children(), Instant::now());
    succeed(command)?;
    let wall = start.elapsed();
    let cpu = cpu.zip(cpu_of_children()).map_or(wall, |(before, after)| after - before);
    Ok(Cost { wall, cpu })
}

/// The processor time of all commands that were run and have ended, as Linux tells it.
fn cpu_of_children() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// Prints two medians and what is between them.
fn compare(names: [&str; 2], costs: &[Vec<Cost>; 2], goal: f64) {
    let [first, second] = [0, 1].map(|at| {
        let wall = median(costs[at].iter().map(|cost| cost.wall));
        let cpu = median(costs[at].iter().map(|cost| cost.cpu));
        println!("  {:<28} {wall:>7.2} s, {cpu:>7.2} s of processor time", names[at]);
        (wall, cpu)
    });
    let (wall, cpu) = (first.0 / second.0, first.1 / second.1);
    println!("  {:<28} {wall:>7.2}    {cpu:>7.2} (goal <= {goal})", "ratio");
}

/// The one in the middle, in seconds.
fn median(values: impl Iterator<Item = Duration>) -> f64 {
    let mut values: Vec<Duration> = values.collect();
    values.sort_unstable();
    values[values.len() / 2].as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_crates_are_rust_with_the_same_functions() {
        let (macros, by_hand) = (generate::with_macros(), generate::by_hand());
        for code in [&macros, &by_hand] {
            let file = syn::parse_file(code).unwrap_or_else(|error| panic!("{error}"));
            let modules = file.items.iter().filter(|item| matches!(item, syn::Item::Mod(_)));
            assert_eq!(modules.count(), SERVERS);
        }
        assert_eq!(macros.matches("supervisor!").count(), TREES);
        assert!(!by_hand.contains("#[handle_") && !by_hand.contains("__private"));
        for function in ["fn get(&self)", "async fn total(", "fn reset("] {
            assert_eq!(macros.matches(function).count(), SERVERS, "{function}");
            assert!(by_hand.matches(function).count() >= SERVERS, "{function}");
        }
    }

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        let values = [5, 1, 3].map(Duration::from_secs);
        assert!((median(values.into_iter()) - 3.0).abs() < 1e-9);
    }
}
