//! The scenarios of `golden/task.txt` about agents.

use std::time::Duration;

use otp::{Agent, CallError, StartError, process};

use super::helpers::{down_ref, error, ms, tried};
use super::show::f;
use super::trace::{ev, nm};
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    scenario!("AGT-T01", ["AGT-01", "AGT-02", "AGT-05", "AGT-09"], workflow),
    scenario!("AGT-T03", ["AGT-01", "AGT-04"], time_out),
    scenario!("AGT-T04", ["AGT-06", "AGT-07"], starts_and_stops),
];

async fn workflow() {
    let agent = Agent::start(|| 1).await.expect("it starts");
    let pid = agent.pid().expect("it runs");
    nm(pid, "agent");
    ev(f(&agent.get(|n| n + 1).await.expect("it answers")));
    ev(f(&agent.update(|n| *n += 10).await.expect("it answers")));
    let doubled = agent.get_and_update(|n| {
        let before = *n;
        *n *= 2;
        before
    });
    ev(f(&doubled.await.expect("it answers")));
    agent.cast(|n| *n += 1);
    ev(f(&())); // what a cast returns
    ev(f(&agent.get(|n| *n).await.expect("it answers")));
    let monitor = process::monitor(pid);
    tried("crash", agent.get(|_| -> i32 { panic!("in agent") }).await);
    down_ref(pid, monitor).await;
    tried("dead", agent.get(|n| *n).await);
    agent.cast(|n| *n += 1);
    tried("cast dead", Ok::<(), CallError>(()));
}

async fn time_out() {
    let agent = Agent::start(|| 0).await.expect("it starts");
    let slow = agent.get_and_update_async(|n| {
        Box::pin(async move {
            process::sleep(ms(60)).await;
            *n += 1;
        })
    });
    tried("slow", slow.timeout(ms(10)).await);
    ev(f(&agent.get(|n| *n).await.expect("it answers")));
    let me = process::self_pid();
    for _ in 0..50 {
        let agent = agent.clone();
        process::spawn(async move {
            agent.update(|n| *n += 1).await.expect("it answers");
            process::send(me, ());
        });
    }
    for _ in 0..50 {
        process::receive_type::<()>().await;
    }
    ev(f(&agent.get(|n| *n).timeout(Duration::from_secs(1)).await.expect("it answers")));
}

async fn starts_and_stops() {
    let agent = Agent::start(|| 1).name("agt_h01").await.expect("it starts");
    nm(agent.pid().expect("it runs"), "a");
    failed("dup", Agent::start(|| 2).name("agt_h01").await);
    tried("stop", Agent::<i32>::named("agt_h01").stop().await);
    failed("fail", Agent::start(|| -> i32 { panic!("no init") }).await);
    failed("exit", Agent::start(|| -> i32 { process::exit(error("nope")) }).await);
}

/// Prints a failed start as OTP returns it.
fn failed(label: &str, outcome: Result<Agent<i32>, StartError>) {
    tried(label, outcome.map(|_| "up"));
}
