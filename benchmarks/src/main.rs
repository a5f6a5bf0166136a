//! Servers of `otp` against the same servers written by hand on tokio.
//!
//! `cargo xtask bench [--quick] [filter]` prints one row a measurement. Every number is the median
//! of several rounds, and the two sides take turns within a round, so that a busy machine disturbs
//! both alike. Nothing is asserted: the numbers belong to the machine they were taken on.

mod by_hand;
mod measure;
mod memory;
mod on_otp;
mod registry;
mod report;
mod supervised_by_hand;
mod supervised_on_otp;
mod variant;

use std::process::ExitCode;

use by_hand::ByHand;
use measure::ROWS;
use on_otp::OnOtp;
use report::Rounds;

/// The argument that makes this program a child that measures memory; the side follows.
const MEMORY_CHILD: &str = "--memory-child";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, side] = arguments.as_slice()
        && flag == MEMORY_CHILD
    {
        return memory_child(side);
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let filter = arguments.iter().find(|argument| !argument.starts_with("--"));
    let wanted = |name: &str| filter.is_none_or(|filter| name.contains(filter.as_str()));

    silence();
    let (rounds, scale) = if quick { (5, 1) } else { (11, 4) };
    println!("{rounds} rounds; median (lowest .. highest)\n\n{}", report::heading());
    for row in ROWS.iter().filter(|row| wanted(row.name)) {
        let mut results = Rounds::default();
        for round in 0..rounds {
            results.push(one_round(row, row.count * scale, round));
        }
        println!("{}", results.line(row.name, "ns"));
    }
    for row in registry::ROWS.iter().filter(|row| wanted(row.name)) {
        let mut results = Rounds::default();
        for round in 0..rounds {
            results.push(one_registry_round(row, row.count * scale, round));
        }
        println!("{}", results.line(row.name, "ns"));
    }
    if wanted(memory::NAME) {
        print_memory();
    }
    ExitCode::SUCCESS
}

/// Has neither side print about the failures that are measured.
fn silence() {
    std::panic::set_hook(Box::new(|_| {}));
    let _ = tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::default());
}

/// Both sides once; they take turns at being first.
fn one_round(row: &measure::Row, count: u64, round: u32) -> (f64, f64) {
    if round.is_multiple_of(2) {
        let by_hand = measure::run::<ByHand>(row, count);
        (by_hand, measure::run::<OnOtp>(row, count))
    } else {
        let otp = measure::run::<OnOtp>(row, count);
        (measure::run::<ByHand>(row, count), otp)
    }
}

/// As [`one_round`], for finding processes.
fn one_registry_round(row: &registry::Row, count: u64, round: u32) -> (f64, f64) {
    if round.is_multiple_of(2) {
        let by_hand = registry::run::<registry::ByHand>(row, count);
        (by_hand, registry::run::<registry::OnOtp>(row, count))
    } else {
        let otp = registry::run::<registry::OnOtp>(row, count);
        (registry::run::<registry::ByHand>(row, count), otp)
    }
}

/// Memory repeats well, so three rounds are enough.
fn print_memory() {
    let mut results = Rounds::default();
    for _ in 0..3 {
        match child("by-hand").zip(child("otp")) {
            Some(round) => results.push(round),
            None => return println!("{:<18} skipped: needs /proc/self/status", memory::NAME),
        }
    }
    println!("{}", results.line(memory::NAME, "B"));
}

/// Measures one side in a fresh process.
fn child(side: &str) -> Option<f64> {
    let program = std::env::current_exe().ok()?;
    let output = std::process::Command::new(program).args([MEMORY_CHILD, side]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn memory_child(side: &str) -> ExitCode {
    let bytes = match side {
        "by-hand" => memory::bytes_per_server::<ByHand>(),
        "otp" => memory::bytes_per_server::<OnOtp>(),
        _ => None,
    };
    match bytes {
        Some(bytes) => {
            println!("{bytes}");
            ExitCode::SUCCESS
        }
        None => ExitCode::FAILURE,
    }
}
