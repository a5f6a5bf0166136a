//! Durations as text: `5s`, `250ms`, `1.5h`.

use std::time::Duration;

/// What a message says where a duration belongs.
pub(crate) const EXPECTED: &str = "a duration with its unit, such as \"5s\" or \"250ms\"";

const UNITS: [(&str, u64); 6] = [
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Reads a number and its unit; `None` for anything else, and for more than 584 years.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(digits);
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let mut nanos = u128::from(whole.parse::<u64>().ok()?) * u128::from(*factor);
    let mut step = u128::from(*factor);
    for digit in fraction.bytes() {
        step /= 10;
        nanos += u128::from(digit - b'0') * step;
    }
    u64::try_from(nanos).ok().map(Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_are_durations() {
        for (text, nanos) in [
            ("5s", 5_000_000_000),
            (" 250ms ", 250_000_000),
            ("2min", 120_000_000_000),
            ("2m", 120_000_000_000),
            ("1.5h", 5_400_000_000_000),
            ("0.25ms", 250_000),
            ("7us", 7_000),
            ("0s", 0),
        ] {
            assert_eq!(parse(text), Some(Duration::from_nanos(nanos)), "{text}");
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in ["", "5", "s", "-5s", "+5s", "5 s", "5sec", "1e3s", ".5s", "5.s", "9999999999h"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
