//! Supervision trees as pictures.

use std::fmt;

use crate::child_spec::{ChildSettings, ChildType};
use crate::report::clean;
use crate::supervisor::entry::Entry;
use crate::supervisor::{ChildState, Supervisor, SupervisorFlags};

mod graph;
mod live;

/// A supervision tree: as it is declared, or as it was when it was asked for.
///
/// It prints as a drawing. [`Supervisor::tree`] gives the declared one, which nothing was started
/// for:
///
/// ```text
/// AppSup: rest_for_one, 3 restarts in 5s
/// ├── Counter: permanent worker, shutdown 5s
/// └── Web: permanent supervisor, shutdown infinity; one_for_all, 3 restarts in 5s
///     └── Router: permanent worker, shutdown 5s
/// ```
///
/// [`SupervisorRef::live_tree`](crate::SupervisorRef::live_tree) gives the live one:
///
/// ```text
/// AppSup #PID<1.2.1>
/// ├── Counter #PID<1.3.4> (restarts: 1)
/// └── Web #PID<1.5.1>
///     └── Router stopped
/// ```
///
/// Elixir: what `:observer` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    root: TreeNode,
}

/// One process, or one child as it is declared, of a [`Tree`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TreeNode {
    /// The child's id; the name of the root, or its pid if it has none.
    pub label: String,
    /// Whether it runs; `None` in a declared tree.
    pub state: Option<ChildState>,
    /// Server or supervisor.
    pub kind: ChildType,
    /// How often its supervisor has started it again; zero in a declared tree.
    pub restarts: u64,
    /// How it is supervised; `None` for the root, and in a live tree.
    pub settings: Option<ChildSettings>,
    /// How it supervises; `None` for a server, for a dynamic supervisor, and in a live tree.
    pub flags: Option<SupervisorFlags>,
    /// Its children in start order; empty for a server.
    pub children: Vec<TreeNode>,
}

impl Tree {
    pub(super) fn declared(supervisor: &Supervisor) -> Tree {
        let label = supervisor.name.as_ref().map(ToString::to_string);
        let mut root = TreeNode {
            label: label.unwrap_or_else(|| "supervisor".to_owned()),
            state: None,
            kind: ChildType::Supervisor,
            restarts: 0,
            settings: None,
            flags: None,
            children: Vec::new(),
        };
        root.describe(supervisor);
        Tree { root }
    }

    /// The supervisor at the top.
    pub fn root(&self) -> &TreeNode {
        &self.root
    }

    /// The tree in the language of Graphviz: `dot -Tsvg` draws it.
    ///
    /// Whatever ids contain, it is a valid graph with one node for each process.
    pub fn to_dot(&self) -> String {
        graph::dot(&self.root)
    }

    /// The tree as a Mermaid flowchart, which many viewers of Markdown draw.
    ///
    /// Whatever ids contain, it is a valid chart with one node for each process.
    pub fn to_mermaid(&self) -> String {
        graph::mermaid(&self.root)
    }
}

impl TreeNode {
    fn of(entry: &Entry) -> TreeNode {
        let mut node = TreeNode {
            label: entry.settings.id.to_string(),
            state: None,
            kind: entry.settings.kind,
            restarts: 0,
            settings: Some(entry.settings.clone()),
            flags: None,
            children: Vec::new(),
        };
        if let Some(supervisor) = entry.starter.declared() {
            node.describe(&supervisor);
        }
        node
    }

    /// Adds what a supervisor is declared to be. One that chooses not to run is nothing.
    fn describe(&mut self, supervisor: &Supervisor) {
        if !supervisor.ignored {
            self.flags = Some(supervisor.flags);
            self.children = supervisor.children.iter().map(TreeNode::of).collect();
        }
    }

    /// What is known beside the label, in parts.
    fn details(&self) -> Vec<String> {
        let mut details = Vec::new();
        match self.state {
            Some(ChildState::Running(pid)) if self.label == pid.to_string() => {}
            Some(state) => details.push(state.to_string()),
            None => {}
        }
        if self.restarts > 0 {
            details.push(format!("(restarts: {})", self.restarts));
        }
        details.extend(self.settings.as_ref().map(ChildSettings::without_id));
        details.extend(self.flags.map(|flags| flags.to_string()));
        details
    }
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
        f.write_str(&clean(&self.label))?;
        let details = self.details();
        let (lead, between) = if self.state.is_some() { (" ", " ") } else { (": ", "; ") };
        if details.is_empty() { Ok(()) } else { write!(f, "{lead}{}", details.join(between)) }
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
