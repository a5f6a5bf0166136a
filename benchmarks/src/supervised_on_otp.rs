//! Supervision by this library.

use std::time::{Duration, Instant};

use otp::prelude::*;
use tokio::sync::mpsc;

use crate::on_otp::OnOtp;
use crate::variant::{Fault, Started, Supervised};

pub(crate) struct Fragile;

#[gen_server]
impl Fragile {
    #[init]
    pub(crate) fn init(started: Started) -> Self {
        let _ = started.send(());
        Fragile
    }

    #[handle_cast]
    pub(crate) fn fail(&mut self, fault: Fault) -> Noreply {
        match fault {
            Fault::Panic => panic!("as asked"),
            Fault::Error => noreply().stop(ExitReason::error("as asked")),
        }
    }
}

impl Supervised for OnOtp {
    async fn restarts(count: u64, fault: Fault) -> Duration {
        let (started, mut starts) = mpsc::unbounded_channel();
        let supervisor = supervisor! {
            strategy: one_for_one,
            max_restarts: u32::MAX,
            max_seconds: 1,
            children: [Fragile(started) { name: "fragile" }],
        };
        let supervisor = supervisor.start().await.expect("it starts");
        let child = Fragile::named("fragile");
        starts.recv().await.expect("it starts");
        let start = Instant::now();
        for _ in 0..count {
            child.fail(fault);
            starts.recv().await.expect("it starts again");
        }
        let took = start.elapsed();
        supervisor.stop().await.expect("it runs");
        took
    }

    async fn children(count: u64) -> Duration {
        let (started, mut starts) = mpsc::unbounded_channel();
        let workers = DynamicSupervisor::of::<Fragile>().start().await.expect("it starts");
        let start = Instant::now();
        for _ in 0..count {
            let worker = workers.start_child(Fragile::child_spec(started.clone())).await;
            drop(worker.expect("there is room"));
        }
        workers.stop().await.expect("it runs");
        let took = start.elapsed();
        starts.close();
        took
    }
}
