//! The scenarios of `golden/dyn.txt` about partition supervisors.

use std::collections::HashSet;

use otp::{
    Call, ChildSpec, Context, GenServer, InitResult, Never, Next, PartitionSupervisor,
    PartitionSupervisorRef, ReplyTo, ServerRef, process,
};

use super::trace::ev;
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    scenario!(
        "PART-T01",
        ["PART-01", "PART-03", "PART-06", "PART-07", "PART-08", "PART-09", "PART-14"],
        integer_keys
    ),
    scenario!("PART-T02", ["PART-04", "PART-05"], other_keys),
];

/// Elixir's agent: a server that holds a value.
struct Agent(usize);

impl GenServer for Agent {
    type Args = usize;
    type Request = ReplyTo<usize>;
    type Continue = Never;
    type Client = ServerRef<Agent>;

    async fn init(value: usize, _: &mut Context<Self>) -> InitResult<Self> {
        InitResult::ok(Agent(value))
    }

    async fn handle(&mut self, caller: ReplyTo<usize>, _: &mut Context<Self>) -> Next<Self> {
        Next::answer(caller, self.0)
    }
}

fn get(agent: &ServerRef<Agent>) -> Call<Agent, usize> {
    agent.call(|caller| caller)
}

async fn start(agents: PartitionSupervisor<Agent>) -> PartitionSupervisorRef<Agent> {
    agents.name("part").start_link().await.expect("it starts");
    PartitionSupervisorRef::named("part")
}

/// Partitions of a value that starts at zero.
fn zero(partitions: usize) -> PartitionSupervisor<Agent> {
    PartitionSupervisor::new(ChildSpec::<Agent>::new(0)).partitions(partitions)
}

async fn integer_keys() {
    let agents = start(zero(3).with_arguments(|_, partition| partition)).await;
    ev(format!("partitions {}", agents.partitions().expect("it runs")));
    for key in [0, 1, 2, 3, 7, -1, -4] {
        let agent = ServerRef::named(agents.name_of(key));
        ev(format!("key {key} -> {}", get(&agent).await.expect("it runs")));
    }
    let children = agents.which_children().await.expect("it runs");
    let mut ids: Vec<String> = children.iter().map(|child| child.id.to_string()).collect();
    ids.sort();
    ev(format!("keys [{}]", ids.join(",")));
    let counts = agents.count_children().await.expect("it runs");
    let (active, specs) = (counts.active, counts.specs);
    let (supervisors, workers) = (counts.supervisors, counts.workers);
    ev(format!("{{active={active},specs={specs},supervisors={supervisors},workers={workers}}}"));
}

async fn other_keys() {
    let agents = start(zero(4)).await;
    let whereis = |id: u32| process::whereis(agents.name_of(("user", id)));
    let is_stable = (1..=50).all(|id| whereis(id).is_some() && whereis(id) == whereis(id));
    ev(format!("stable {is_stable}"));
    let used: HashSet<_> = (1..=200).map(whereis).collect();
    ev(format!("spread {}", used.len() == 4));
}
