//! `cargo xtask fuzz`: the mutated inputs of `otp-macros/src/tests/fuzz`, more of them.

use std::path::Path;
use std::process::ExitCode;

const COUNT: u64 = 1_000_000;

/// Runs so many streams, from this seed on, in an optimised build.
pub(crate) fn run(root: &Path, arguments: &[String]) -> ExitCode {
    let Some((seed, count)) = options(arguments) else {
        eprintln!("{}", crate::USAGE);
        return ExitCode::from(2);
    };
    println!("--seed {seed} --count {count}");
    let test = "tests::fuzz::mutated_inputs_never_break_a_macro";
    let status = crate::cargo(root)
        .args(["test", "--release", "--package", "otp-macros", "--lib", "--", "--exact", test])
        .env("OTP_FUZZ_SEED", seed.to_string())
        .env("OTP_FUZZ_COUNT", count.to_string())
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

/// The seed and the count; without a seed, another one each second.
fn options(arguments: &[String]) -> Option<(u64, u64)> {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    let (mut seed, mut count) = (now * COUNT, COUNT);
    for pair in arguments.chunks(2) {
        let [name, value] = pair else { return None };
        let value = value.parse().ok()?;
        match name.as_str() {
            "--seed" => seed = value,
            "--count" => count = value,
            _ => return None,
        }
    }
    Some((seed, count))
}

#[cfg(test)]
mod tests {
    use super::options;

    #[test]
    fn options_are_pairs_of_a_word_and_a_number() {
        let read =
            |text: &str| options(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(read("--seed 5 --count 7"), Some((5, 7)));
        assert_eq!(read("--seed 5").map(|it| it.0), Some(5));
        assert!(read("").is_some_and(|(_, count)| count == 1_000_000));
        for wrong in ["--seed", "--seed x", "5", "--speed 5"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
