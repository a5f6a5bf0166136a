//! Supervision trees as pictures.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::child_spec::{ChildId, ChildType};
use crate::pid::Pid;
use crate::process::block::{ProcessRef, display_name};
use crate::process::find_pid;
use crate::supervisor::{AnyChild, ChildInfo, ChildState, DynamicSupervisorRef, SupervisorRef};

/// A supervision tree as it was when it was asked for. It prints as a drawing.
///
/// ```text
/// AppSup #PID<1.2.1>
/// ├── Counter #PID<1.3.4> (restarts: 1)
/// └── Web #PID<1.5.1>
///     └── Router stopped
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    root: TreeNode,
}

/// One process of a [`Tree`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TreeNode {
    /// The child's id; the name or pid of the root.
    pub label: String,
    /// Whether it runs.
    pub state: ChildState,
    /// Server or supervisor.
    pub kind: ChildType,
    /// How often its supervisor has started it again.
    pub restarts: u64,
    /// Its children in start order; empty for a server.
    pub children: Vec<TreeNode>,
}

impl Tree {
    pub(super) async fn live(supervisor: &SupervisorRef) -> Tree {
        let process = supervisor.pid().and_then(find_pid);
        let mut root = TreeNode {
            label: match &process {
                Some(process) => display_name(&**process),
                None => "supervisor".to_owned(),
            },
            state: match supervisor.pid() {
                Some(pid) => ChildState::Running(pid),
                None => ChildState::Stopped,
            },
            kind: ChildType::Supervisor,
            restarts: 0,
            children: Vec::new(),
        };
        root.children = nodes_of(supervisor.which_children().await.unwrap_or_default()).await;
        Tree { root }
    }

    /// The supervisor at the top.
    pub fn root(&self) -> &TreeNode {
        &self.root
    }
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
            nodes.push(TreeNode {
                label: match (&child.id, child.state) {
                    (ChildId::Undefined { .. }, ChildState::Running(pid)) => pid.to_string(),
                    (id, _) => id.to_string(),
                },
                state: child.state,
                kind: child.kind,
                restarts: child.restarts,
                children: nodes_of(below).await,
            });
        }
        nodes
    })
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.root)?;
        draw_children(f, &self.root, "")
    }
}

impl fmt::Display for TreeNode {
    /// The node alone, without its children.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own_pid = |pid: Pid| self.label == pid.to_string();
        write!(f, "{}", self.label)?;
        match self.state {
            ChildState::Running(pid) if own_pid(pid) => {}
            ChildState::Running(pid) => write!(f, " {pid}")?,
            ChildState::Restarting => write!(f, " restarting")?,
            ChildState::Stopped => write!(f, " stopped")?,
        }
        if self.restarts > 0 { write!(f, " (restarts: {})", self.restarts) } else { Ok(()) }
    }
}

fn draw_children(f: &mut fmt::Formatter<'_>, node: &TreeNode, indent: &str) -> fmt::Result {
    for (index, child) in node.children.iter().enumerate() {
        let is_last = index + 1 == node.children.len();
        let (branch, below) =
            if is_last { ("└── ", "    ") } else { ("├── ", "│   ") };
        write!(f, "\n{indent}{branch}{child}")?;
        draw_children(f, child, &format!("{indent}{below}"))?;
    }
    Ok(())
}
