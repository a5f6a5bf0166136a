//! Figures for Prometheus.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use otp::prelude::*;

use crate::order::{Settled, Unsettled};
use crate::teller::TellerError;

const ORDERS: &str = "bank_orders_total";
const BATCH: &str = "bank_batch_orders";

/// How often durations that nobody has asked for are summed up.
const PERIOD: Duration = Duration::from_secs(5);

/// Where the figures are collected.
#[derive(Clone)]
pub struct Figures(PrometheusHandle);

impl std::fmt::Debug for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Figures").finish_non_exhaustive()
    }
}

impl Figures {
    /// Begins to collect them, for the whole program.
    ///
    /// # Errors
    ///
    /// Somebody collects them already.
    pub fn install() -> Result<Figures, BuildError> {
        let seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
        let orders = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];
        let handle = PrometheusBuilder::new()
            .set_buckets(&seconds)?
            .set_buckets_for_metric(Matcher::Full(BATCH.to_owned()), &orders)?
            .install_recorder()?;
        otp::metrics::describe();
        describe_counter!(ORDERS, Unit::Count, "Orders, by what they are and what came of them");
        describe_histogram!(BATCH, Unit::Count, "Orders that were committed together");
        Ok(Figures(handle))
    }

    /// All figures of this moment, as Prometheus reads them.
    pub fn render(&self) -> String {
        otp::metrics::sample();
        self.0.render()
    }
}

/// Sums up the durations now and then, so that they do not fill the memory while nobody asks.
#[derive(Debug)]
pub struct Upkeep {
    figures: Figures,
}

#[derive(Clone)]
struct Tick;

#[gen_server(name)]
impl Upkeep {
    /// Begins at once.
    #[init]
    pub fn init(figures: Figures, cx: &mut Context<Self>) -> Self {
        cx.send_interval(PERIOD, Tick);
        Upkeep { figures }
    }

    #[handle_info]
    fn tick(&mut self, _: Tick) {
        self.figures.0.run_upkeep();
    }
}

/// Counts what is committed together.
pub(crate) fn batch(orders: usize) {
    let orders = u32::try_from(orders).unwrap_or(u32::MAX);
    histogram!(BATCH).record(f64::from(orders));
}

/// Counts an order.
pub(crate) fn order(kind: &'static str, result: &Result<Settled, TellerError>) {
    counter!(ORDERS, "operation" => kind, "outcome" => outcome(result)).increment(1);
}

fn outcome(result: &Result<Settled, TellerError>) -> &'static str {
    match result {
        Ok(Settled { is_replay: true, .. }) => "replayed",
        Ok(Settled { answer: Ok(_), .. }) => "done",
        Ok(Settled { answer: Err(refusal), .. }) | Err(TellerError::Refused(refusal)) => {
            refusal.code()
        }
        Err(TellerError::Unsettled(unsettled)) => unsettled.code(),
        Err(TellerError::Failed(_)) => Unsettled::Unavailable.code(),
    }
}
