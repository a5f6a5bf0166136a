//! The figures of processes and calls.

use std::collections::BTreeMap;
use std::time::Duration;

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use otp::metrics::{Sampler, sample};
use otp::prelude::*;
use otp::test::start_supervised;

const SECOND: Duration = Duration::from_secs(1);

struct Slow;

#[gen_server(name)]
impl Slow {
    #[init]
    fn init() -> Self {
        Slow
    }

    #[handle_call]
    async fn work(&mut self, time: Duration) {
        process::sleep(time).await;
    }

    #[handle_call]
    fn crash(&mut self) {
        panic!("as asked");
    }

    #[handle_call]
    fn refuse(&mut self, #[from] caller: ReplyTo<()>) -> Noreply {
        drop(caller);
        noreply()
    }

    #[handle_call]
    async fn call_myself(&mut self) -> bool {
        Slow::client().work(SECOND).await == Err(CallError::CallingSelf)
    }

    #[handle_cast]
    async fn rest(&mut self, time: Duration) {
        process::sleep(time).await;
    }
}

struct Small;

#[gen_server(name, mailbox(capacity = 1, calls = overload))]
impl Small {
    #[init]
    fn init() -> Self {
        Small
    }

    #[handle_call]
    fn get(&self) -> u8 {
        1
    }

    #[handle_cast]
    fn put(&mut self) {}
}

/// What was recorded since the last time: `name{label=value,..}` and the value.
fn recorded(snapshotter: &Snapshotter) -> BTreeMap<String, String> {
    let entries = snapshotter.snapshot().into_vec().into_iter().map(|(key, _, _, value)| {
        let key = key.key();
        let labels: Vec<String> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let value = match value {
            DebugValue::Counter(count) => count.to_string(),
            DebugValue::Gauge(value) => value.to_string(),
            DebugValue::Histogram(values) => {
                format!("{:?}", values.iter().map(|value| value.0).collect::<Vec<f64>>())
            }
        };
        (format!("{}{{{}}}", key.name(), labels.join(",")), value)
    });
    entries.collect()
}

/// The series whose names begin so.
fn series<'a>(
    recorded: &'a BTreeMap<String, String>,
    name: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let entries = recorded.iter().filter(move |(key, _)| key.starts_with(name));
    entries.map(|(key, value)| (&key[name.len()..], &**value))
}

#[otp::test(start_paused = true)]
async fn calls_are_measured_with_their_outcome() {
    let recorder = DebuggingRecorder::new();
    let _guard = metrics::set_default_local_recorder(&recorder);
    assert_eq!(Slow::client().work(SECOND).await, Err(CallError::NoProc));
    start_supervised(Slow::child_spec()).await;
    let slow = Slow::client();
    slow.work(2 * SECOND).await.unwrap();
    slow.work(3 * SECOND).await.unwrap();
    assert_eq!(slow.work(9 * SECOND).await, Err(CallError::Timeout));
    process::sleep(9 * SECOND).await;
    assert_eq!(slow.refuse().await, Err(CallError::NoReply));
    assert_eq!(slow.call_myself().await, Ok(true));
    assert!(slow.crash().await.is_err());
    let recorded = recorded(&recorder.snapshotter());
    let calls: Vec<_> = series(&recorded, "otp_call_duration_seconds{server=Slow,").collect();
    assert_eq!(
        calls,
        [
            ("outcome=calling_self}", "[0.0]"),
            ("outcome=exited}", "[0.0]"),
            ("outcome=no_proc}", "[0.0]"),
            ("outcome=no_reply}", "[0.0]"),
            ("outcome=ok}", "[2.0, 3.0, 0.0]"),
            ("outcome=timeout}", "[5.0]"),
        ]
    );
}

#[otp::test(start_paused = true)]
async fn a_refused_call_is_an_overload() {
    let recorder = DebuggingRecorder::new();
    let _guard = metrics::set_default_local_recorder(&recorder);
    start_supervised(Small::child_spec()).await;
    Small::client().put();
    assert_eq!(Small::client().get().await, Err(CallError::Overload));
    let recorded = recorded(&recorder.snapshotter());
    assert_eq!(recorded["otp_call_duration_seconds{server=Small,outcome=overload}"], "[0.0]");
}

#[otp::test(start_paused = true)]
async fn crashes_and_restarts_are_counted() {
    let recorder = DebuggingRecorder::new();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let supervisor = Supervisor::one_for_one()
        .child(Slow::child_spec())
        .name("shop")
        .start_link()
        .await
        .unwrap();
    for _ in 0..2 {
        assert!(Slow::client().crash().await.is_err());
        supervisor.count_children().await.unwrap(); // behind the restart
    }
    let pid = process::spawn(async { panic!("as asked") });
    process::join(pid).await;
    supervisor.stop().await.unwrap();
    let recorded = recorded(&recorder.snapshotter());
    assert_eq!(recorded["otp_restarts_total{supervisor=shop,child=Slow}"], "2");
    assert_eq!(recorded["otp_crashes_total{server=Slow}"], "2");
    assert_eq!(recorded["otp_crashes_total{server=process}"], "1");
    assert_eq!(series(&recorded, "otp_restarts_total").count(), 1); // the first start is none
}

#[otp::test(start_paused = true)]
async fn mailboxes_and_processes_are_sampled() {
    let recorder = DebuggingRecorder::new();
    let guard = metrics::set_default_local_recorder(&recorder);
    let slow = Slow::start_link().await.unwrap();
    let other = Slow::start_link().name("other").await.unwrap();
    for client in [&slow, &slow, &slow, &other] {
        client.rest(SECOND);
    }
    sample();
    let before = recorded(&recorder.snapshotter());
    assert_eq!(before["otp_mailbox_length{server=Slow}"], "4");
    assert_eq!(before["otp_mailbox_length{server=process}"], "0");
    assert_eq!(before["otp_processes{}"], "3"); // both and the test
    slow.stop().await.unwrap();
    other.stop().await.unwrap();
    drop(guard);
    let recorder = DebuggingRecorder::new();
    let _guard = metrics::set_default_local_recorder(&recorder);
    sample();
    let after = recorded(&recorder.snapshotter());
    assert_eq!(after["otp_mailbox_length{server=Slow}"], "0"); // although there is none left
    assert_eq!(after["otp_processes{}"], "1");
}

#[otp::test(start_paused = true)]
async fn a_sampler_samples_at_its_interval() {
    let recorder = DebuggingRecorder::new();
    let _guard = metrics::set_default_local_recorder(&recorder);
    start_supervised(Sampler::child_spec(10 * SECOND)).await;
    let snapshotter = recorder.snapshotter();
    // The recorder forgets what it was asked for.
    let processes = || recorded(&snapshotter)["otp_processes{}"].clone();
    assert_eq!(processes(), "3"); // the test, its supervisor, the sampler
    let slow = Slow::start_link().await.unwrap();
    process::sleep(9 * SECOND).await;
    assert_eq!(processes(), "0");
    process::sleep(2 * SECOND).await;
    assert_eq!(processes(), "4");
    slow.stop().await.unwrap();
    process::sleep(10 * SECOND).await;
    assert_eq!(processes(), "3");
}

#[otp::test]
async fn without_a_recorder_nothing_is_kept_and_nothing_fails() {
    start_supervised(Slow::child_spec()).await;
    Slow::client().work(Duration::ZERO).await.unwrap();
    sample();
    otp::metrics::describe();
}
