//! Medians and the lines of the table.

/// The results of one row: by hand, and on `otp`.
#[derive(Debug, Default)]
pub(crate) struct Rounds(Vec<(f64, f64)>);

/// The first lines of the table.
pub(crate) fn heading() -> String {
    let columns = format!("{:<18} {:>26}   {:>26}   {:>20}", "row", "by hand", "otp", "ratio");
    let rule = "-".repeat(columns.chars().count());
    format!("{columns}\n{rule}")
}

impl Rounds {
    pub(crate) fn push(&mut self, round: (f64, f64)) {
        self.0.push(round);
    }

    /// The row: three medians, each with the lowest and the highest value.
    ///
    /// The ratio is taken within each round, so a round on a busy machine does not bend it.
    pub(crate) fn line(&self, name: &str, unit: &str) -> String {
        let by_hand = spread(self.0.iter().map(|round| round.0));
        let otp = spread(self.0.iter().map(|round| round.1));
        let ratio = spread(self.0.iter().map(|round| round.1 / round.0));
        let cell = |spread: Option<Spread>, decimals: usize, unit: &str| match spread {
            Some(s) => format!(
                "{:.decimals$}{unit} ({:.decimals$} .. {:.decimals$})",
                s.median, s.lowest, s.highest
            ),
            None => String::new(),
        };
        let unit = format!(" {unit}");
        format!(
            "{name:<18} {:>26}   {:>26}   {:>20}",
            cell(by_hand, 0, &unit),
            cell(otp, 0, &unit),
            cell(ratio, 2, ""),
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Spread {
    lowest: f64,
    median: f64,
    highest: f64,
}

/// `None` when there are no values.
fn spread(values: impl Iterator<Item = f64>) -> Option<Spread> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (lowest, highest) = (*values.first()?, *values.last()?);
    let half = values.len() / 2;
    let median = match values.len() % 2 {
        0 => f64::midpoint(values[half - 1], values[half]),
        _ => values[half],
    };
    Some(Spread { lowest, median, highest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_two_in_the_middle() {
        let odd = spread([3.0, 1.0, 2.0].into_iter());
        assert_eq!(odd, Some(Spread { lowest: 1.0, median: 2.0, highest: 3.0 }));
        let even = spread([4.0, 1.0, 2.0, 3.0].into_iter()).map(|spread| spread.median);
        assert_eq!(even, Some(2.5));
        assert_eq!(spread(std::iter::empty()), None);
    }

    #[test]
    fn the_ratio_is_taken_within_a_round() {
        // The second round ran on a busy machine.
        let rounds = Rounds(vec![(100.0, 50.0), (900.0, 450.0), (100.0, 60.0)]);
        let line = rounds.line("call", "ns");
        assert!(line.ends_with("0.50 (0.50 .. 0.60)"), "{line}");
        assert!(line.contains("100 ns (100 .. 900)"), "{line}");
    }
}
