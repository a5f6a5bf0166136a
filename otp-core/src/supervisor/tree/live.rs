//! Trees of running processes.

use std::future::Future;
use std::pin::Pin;

use crate::child_spec::{ChildId, ChildType};
use crate::pid::Pid;
use crate::process::block::{ProcessRef, display_name};
use crate::process::find_pid;
use crate::supervisor::{
    AnyChild, ChildInfo, ChildState, DynamicSupervisorRef, SupervisorRef, Tree, TreeNode,
};

impl Tree {
    /// The tree below a supervisor of which the children are known.
    pub(in crate::supervisor) async fn live(pid: Option<Pid>, children: Vec<ChildInfo>) -> Tree {
        let label = match pid.and_then(find_pid) {
            Some(process) => display_name(&*process),
            None => "supervisor".to_owned(),
        };
        let state = pid.map_or(ChildState::Stopped, ChildState::Running);
        let root = node(label, state, ChildType::Supervisor, 0, nodes_of(children).await);
        Tree { root }
    }
}

fn node(
    label: String,
    state: ChildState,
    kind: ChildType,
    restarts: u64,
    children: Vec<TreeNode>,
) -> TreeNode {
    let state = Some(state);
    TreeNode { label, state, kind, restarts, settings: None, flags: None, children }
}

/// The children of a supervisor that is one, newest first; none when it ended meanwhile.
async fn children_of(pid: Pid) -> Vec<ChildInfo> {
    let Some(process) = find_pid(pid) else { return Vec::new() };
    let children = match SupervisorRef::of_process(ProcessRef::clone(&process)) {
        Some(supervisor) => supervisor.which_children().await,
        None => match DynamicSupervisorRef::<AnyChild>::of_process(process) {
            Some(supervisor) => supervisor.which_children().await,
            None => Ok(Vec::new()),
        },
    };
    children.unwrap_or_default()
}

/// The nodes of these children and of what is below them, in start order.
fn nodes_of(children: Vec<ChildInfo>) -> Pin<Box<dyn Future<Output = Vec<TreeNode>> + Send>> {
    Box::pin(async move {
        let mut nodes = Vec::new();
        for child in children.into_iter().rev() {
            let below = match (child.kind, child.state) {
                (ChildType::Supervisor, ChildState::Running(pid)) => children_of(pid).await,
                _ => Vec::new(),
            };
            let label = match (&child.id, child.state) {
                (ChildId::Undefined { .. }, ChildState::Running(pid)) => pid.to_string(),
                (id, _) => id.to_string(),
            };
            let below = nodes_of(below).await;
            nodes.push(node(label, child.state, child.kind, child.restarts, below));
        }
        nodes
    })
}
