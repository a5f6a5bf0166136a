//! Broken inputs by the hundred thousand, for every macro.
//!
//! Inputs of the tests and the examples are mutated and expanded. No macro may panic, run for ever,
//! or lose the item it stands on; `check.rs` has the properties. Stream `n` of a run depends on
//! `seed + n` only, so a failure is repeated by the one number that is printed with it:
//!
//! ```text
//! cargo xtask fuzz --seed NUMBER --count 1
//! ```
//!
//! A new macro needs a line in `backends.rs`, a new folder with uses of macros one in `corpus.rs`.

mod backends;
mod check;
mod corpus;
mod minimise;
mod mutate;
mod random;
mod tree;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use self::backends::{BACKENDS, Backend};
use self::corpus::Seed;
use self::random::Random;
use self::tree::Node;

/// The streams of an ordinary test run.
const COUNT: u64 = 100_000;
const SEED: u64 = 1_000_000;

/// The streams of one thread. What tokens leave behind is freed when their thread ends.
const BATCH: u64 = 5_000;

/// The name of the threads whose panics are looked for.
const THREAD: &str = "fuzz";

/// A thread without a new stream for this long is in an endless loop.
const PATIENCE: Duration = Duration::from_secs(60);

/// As much as a thread of the compiler has.
const STACK: usize = 16 << 20;

/// The inputs that mutations are made of.
struct Material {
    corpus: Vec<Vec<Seed>>,
    words: Vec<Node>,
}

impl Material {
    fn new() -> Material {
        Material { corpus: corpus::corpus(), words: mutate::words() }
    }

    /// The input of one stream.
    fn stream(&self, number: u64) -> (&'static Backend, Seed) {
        let mut random = Random::new(number);
        let at = choose(&mut random);
        let mut seed = random.pick(&self.corpus[at]).clone();
        let other = random.below(BACKENDS.len());
        let mut other = random.pick(&self.corpus[other]).item.clone();
        if random.once_in(4) {
            mutate::mutate(&mut seed.args, &self.words, &mut other, &mut random);
        }
        if !random.once_in(8) {
            mutate::mutate(&mut seed.item, &self.words, &mut other, &mut random);
        }
        (&BACKENDS[at], seed)
    }
}

/// The place of a macro in the list, as often as its weight says.
fn choose(random: &mut Random) -> usize {
    let total: u64 = BACKENDS.iter().map(|backend| backend.weight).sum();
    let mut left = random.below(total as usize) as u64;
    for (at, backend) in BACKENDS.iter().enumerate() {
        match left.checked_sub(backend.weight) {
            Some(rest) => left = rest,
            None => return at,
        }
    }
    0
}

/// Runs these streams; the faults found, each with its seed and a small input.
fn batch(numbers: std::ops::Range<u64>, now: &AtomicU64) -> Vec<String> {
    let material = Material::new();
    let mut faults = Vec::new();
    for number in numbers {
        now.store(number, Relaxed);
        let (backend, seed) = material.stream(number);
        let Err(reason) = check::check(backend, &seed) else { continue };
        let small = minimise::minimise(backend, &seed, &reason);
        let small_reason = check::check(backend, &small).err().unwrap_or(reason);
        faults.push(format!(
            "--seed {number}: {} with `{}` on\n  {}\n  {small_reason}\n",
            backend.name,
            tree::show(&small.args),
            tree::show(&small.item),
        ));
        if faults.len() >= 20 {
            break;
        }
    }
    faults
}

/// Runs a batch in a thread of its own; `Err` has the stream that does not end.
fn watched(numbers: std::ops::Range<u64>) -> Result<Vec<String>, u64> {
    let now = Arc::new(AtomicU64::new(numbers.start));
    let (done, result) = channel();
    let progress = Arc::clone(&now);
    let work = move || drop(done.send(batch(numbers, &progress)));
    let worker = thread::Builder::new().name(THREAD.to_owned()).stack_size(STACK);
    worker.spawn(work).expect("a thread can be started");
    let mut last = u64::MAX;
    loop {
        match result.recv_timeout(PATIENCE) {
            Ok(faults) => return Ok(faults),
            Err(RecvTimeoutError::Timeout) if now.load(Relaxed) != last => last = now.load(Relaxed),
            Err(_) => return Err(now.load(Relaxed)),
        }
    }
}

/// A number out of the environment, as `cargo xtask fuzz` sets it.
fn given(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
}

#[test]
fn mutated_inputs_never_break_a_macro() {
    check::record_panics(THREAD);
    let (first, count) = (given("OTP_FUZZ_SEED", SEED), given("OTP_FUZZ_COUNT", COUNT));
    let end = first.saturating_add(count);
    let mut faults = Vec::new();
    for start in (first..end).step_by(BATCH as usize) {
        match watched(start..end.min(start + BATCH)) {
            Ok(found) => faults.extend(found),
            Err(number) => {
                let (backend, seed) = Material::new().stream(number);
                let (args, item) = (tree::show(&seed.args), tree::show(&seed.item));
                panic!("--seed {number} does not end: {} with `{args}` on\n{item}", backend.name);
            }
        }
        if faults.len() >= 20 {
            break;
        }
    }
    assert!(faults.is_empty(), "{} inputs:\n{}", faults.len(), faults.join("\n"));
}
