//! Comparing, and saying how it went.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use super::Scenario;
use super::golden::Golden;
use super::run::Mode;

/// How the blocks of one area compare in one mode.
#[derive(Default)]
struct Count {
    same: usize,
    different: usize,
    missing: usize,
    pending: usize,
    left_out: usize,
}

/// Everything that was found.
pub struct Report<'a> {
    golden: &'a Golden,
    counts: BTreeMap<(String, &'static str), Count>,
    /// Pending blocks that differ; the others must leave the list.
    still_different: BTreeSet<&'static str>,
    seen: BTreeSet<&'static str>,
    faults: Vec<String>,
    passed: usize,
}

impl<'a> Report<'a> {
    pub fn new(golden: &'a Golden) -> Report<'a> {
        let faults = golden
            .pending
            .iter()
            .filter(|id| !golden.blocks.contains_key(*id))
            .map(|id| format!("{id} stands in pending.txt but in no golden file"));
        Report {
            golden,
            faults: faults.collect(),
            counts: BTreeMap::new(),
            still_different: BTreeSet::new(),
            seen: BTreeSet::new(),
            passed: 0,
        }
    }

    fn count(&mut self, mode: Mode, id: &str) -> &mut Count {
        let mode = match mode {
            Mode::Paused => "paused time",
            Mode::TwoWorkers => "two workers",
        };
        self.counts.entry((area(id).to_owned(), mode)).or_default()
    }

    /// Compares what a scenario has printed with its golden block.
    pub fn compare(&mut self, mode: Mode, scenario: &Scenario, lines: &[String]) {
        let id = scenario.id;
        if mode == Mode::Paused {
            self.check_scenario(scenario);
        }
        let Some(block) = self.golden.blocks.get(id) else {
            return self.faults.push(format!("{id} is in no golden file"));
        };
        let (want, got) = (self.golden.keep(id, block), self.golden.keep(id, lines));
        if want == got {
            self.count(mode, id).same += 1;
            self.passed += 1;
        } else if self.golden.pending.contains(id) {
            self.still_different.insert(id);
            self.count(mode, id).pending += 1;
        } else {
            self.count(mode, id).different += 1;
            self.faults.push(difference(mode, id, &want, &got));
        }
    }

    fn check_scenario(&mut self, scenario: &Scenario) {
        if !self.seen.insert(scenario.id) {
            self.faults.push(format!("{} has two scenarios", scenario.id));
        }
        for statement in scenario.holds.iter().filter(|id| !self.golden.has_statement(id)) {
            self.faults.push(format!("{}: the catalogue has no {statement}", scenario.id));
        }
    }

    /// Notes that a scenario does not run in this mode.
    pub fn leave_out(&mut self, mode: Mode, scenario: &Scenario, why: &str) {
        println!("{} is not run on {mode}: {why}", scenario.id);
        self.count(mode, scenario.id).left_out += 1;
    }

    /// Notes the blocks without a scenario, and the ones that are pending although they are done.
    pub fn missing(&mut self, done: &[&Scenario]) {
        let golden = self.golden;
        for (id, block) in &golden.blocks {
            let exists = done.iter().any(|scenario| scenario.id == id);
            let pending = golden.pending.contains(id);
            if exists && pending && !self.still_different.contains(id.as_str()) {
                self.faults.push(format!("{id} is done: take it off pending.txt"));
            }
            if exists || golden.keep(id, block).is_none() {
                continue;
            }
            for mode in [Mode::Paused, Mode::TwoWorkers] {
                let count = self.count(mode, id);
                if pending {
                    count.pending += 1;
                } else {
                    count.missing += 1;
                }
            }
            if !pending {
                self.faults.push(format!("{id} has no scenario and is not on pending.txt"));
            }
        }
    }

    /// Prints the table and the faults.
    pub fn finish(self) -> ExitCode {
        for fault in &self.faults {
            println!("{fault}");
        }
        println!("\nmode         area   same  different  missing  pending  not run");
        let mut totals: BTreeMap<&str, Count> = BTreeMap::new();
        for ((area, mode), count) in &self.counts {
            print(mode, area, count);
            let total = totals.entry(mode).or_default();
            total.same += count.same;
            total.different += count.different;
            total.missing += count.missing;
            total.pending += count.pending;
            total.left_out += count.left_out;
        }
        for (mode, total) in &totals {
            print(mode, "all", total);
        }
        let (verdict, code) = if self.faults.is_empty() {
            ("ok", ExitCode::SUCCESS)
        } else {
            ("FAILED", ExitCode::FAILURE)
        };
        println!(
            "\ntest result: {verdict}. {} passed; {} failed; 0 ignored; 0 measured; 0 filtered out",
            self.passed,
            self.faults.len()
        );
        code
    }
}

fn print(mode: &str, area: &str, count: &Count) {
    let Count { same, different, missing, pending, left_out } = count;
    println!(
        "{mode}  {area:<5}  {same:>4}  {different:>9}  {missing:>7}  {pending:>7}  {left_out:>7}"
    );
}

/// `GS` for `GS-T01`.
fn area(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

fn difference(
    mode: Mode,
    id: &str,
    want: &Option<Vec<String>>,
    got: &Option<Vec<String>>,
) -> String {
    let list = |lines: &Option<Vec<String>>| -> String {
        lines.iter().flatten().map(|line| format!("\n    {line}")).collect()
    };
    format!("{id} is different on {mode}\n  OTP:{}\n  here:{}", list(want), list(got))
}
