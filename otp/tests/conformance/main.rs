//! Replays what the original OTP did, and compares line by line.
//!
//! `golden/*.txt` holds blocks that Elixir 1.18.3 on Erlang/OTP 27.3.4 printed:
//!
//! ```text
//! SCENARIO <id>
//!   <event>
//!   <event>
//! ```
//!
//! A scenario here does in Rust what the script of that block did, on the public API only, and must
//! print the same events. Each one runs twice: with paused time on one thread, and in real time on
//! two workers. `pending.txt` lists the blocks that are not built yet, and may only shrink.
//!
//! `golden/typed_skips.txt` lists lines that static typing makes impossible; both sides leave them
//! out. Each entry is the scenario's id, a tab and the beginning of the line, `*` for all lines.
//!
//! ```text
//! cargo test -p otp --test conformance                      compares everything
//! cargo test -p otp --test conformance -- GS-T1             what contains this text
//! cargo test -p otp --test conformance -- --print GS-T01    prints blocks instead
//! cargo test -p otp --test conformance -- --print --real    the same on two workers
//! ```

// Each area uses its own part of the helpers, which are documented where it is not obvious.
#![allow(dead_code, unreachable_pub, missing_docs, missing_debug_implementations)]

mod agt;
mod app;
mod r#dyn;
mod env;
mod golden;
mod gs;
mod helpers;
mod kid;
mod part;
mod proc;
mod reg;
mod report;
mod run;
mod show;
mod srv;
mod sup;
mod sys;
mod tap;
mod task;
mod trace;

use std::process::ExitCode;

use golden::Golden;
use helpers::BoxFuture;
use report::Report;
use run::Mode;

/// One block of a golden file, done again.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// The id of the block.
    pub id: &'static str,
    /// The statements of the catalogue that it holds.
    pub holds: &'static [&'static str],
    pub run: fn() -> BoxFuture<'static, ()>,
    /// Why it does not run in real time, if so.
    pub paused_only: Option<&'static str>,
}

impl Scenario {
    /// Says why the scenario does not run on two workers in real time.
    pub const fn paused_only(mut self, why: &'static str) -> Scenario {
        self.paused_only = Some(why);
        self
    }
}

/// `scenario!("GS-T01", ["GS-INIT-01"], function)`: a block, what it holds, and how it is done.
macro_rules! scenario {
    ($id:literal, [$($holds:literal),* $(,)?], $run:path) => {
        $crate::Scenario {
            id: $id,
            holds: &[$($holds),*],
            run: || Box::pin($run()),
            paused_only: None,
        }
    };
}
pub(crate) use scenario;

/// The scenarios of all areas.
fn scenarios() -> impl Iterator<Item = &'static Scenario> {
    // One a line, in the order of the catalogue.
    const AREAS: &[&[Scenario]] = &[
        proc::SCENARIOS,
        gs::SCENARIOS,
        sys::SCENARIOS,
        sup::SCENARIOS,
        r#dyn::SCENARIOS,
        part::SCENARIOS,
        app::SCENARIOS,
        env::SCENARIOS,
        task::SCENARIOS,
        agt::SCENARIOS,
        reg::SCENARIOS,
    ];
    AREAS.iter().copied().flatten()
}

fn main() -> ExitCode {
    tap::install();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if has("--list") {
        return ExitCode::SUCCESS; // asked of every test target by some tools
    }
    let texts: Vec<&String> = arguments.iter().filter(|text| !text.starts_with('-')).collect();
    let wanted = |id: &str| texts.is_empty() || texts.iter().any(|text| id.contains(*text));
    let chosen: Vec<&Scenario> = scenarios().filter(|scenario| wanted(scenario.id)).collect();
    if has("--print") {
        let mode = if has("--real") { Mode::TwoWorkers } else { Mode::Paused };
        for scenario in chosen {
            println!("SCENARIO {}", scenario.id);
            run::run(scenario, mode).iter().for_each(|line| println!("  {line}"));
        }
        return ExitCode::SUCCESS;
    }
    let golden = Golden::load();
    let mut report = Report::new(&golden);
    for mode in [Mode::Paused, Mode::TwoWorkers] {
        for scenario in &chosen {
            let why_not = scenario.paused_only.filter(|_| mode == Mode::TwoWorkers);
            match why_not {
                None => report.compare(mode, scenario, &run::run(scenario, mode)),
                Some(why) => report.leave_out(mode, scenario, why),
            }
        }
    }
    if texts.is_empty() {
        report.missing(&chosen);
    }
    report.finish()
}
