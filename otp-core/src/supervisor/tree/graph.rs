//! Trees in the languages of programs that draw graphs.

use std::fmt::Write as _;

use crate::child_spec::ChildType;
use crate::report::clean;
use crate::supervisor::TreeNode;

/// The graph for Graphviz.
pub(super) fn dot(root: &TreeNode) -> String {
    let mut text = String::from("digraph supervision {\n");
    walk(root, &mut |number, above, node| {
        let label = lines(node).map(|line| escape_dot(&line)).collect::<Vec<_>>().join("\\n");
        let shape = if node.kind == ChildType::Supervisor { "box" } else { "ellipse" };
        let _ = writeln!(text, "    n{number} [label=\"{label}\", shape={shape}];");
        if let Some(above) = above {
            let _ = writeln!(text, "    n{above} -> n{number};");
        }
    });
    text.push_str("}\n");
    text
}

/// The flowchart for Mermaid.
pub(super) fn mermaid(root: &TreeNode) -> String {
    let mut text = String::from("flowchart TD\n");
    walk(root, &mut |number, above, node| {
        let label = lines(node).map(|line| escape_mermaid(&line)).collect::<Vec<_>>().join("<br>");
        let (open, close) =
            if node.kind == ChildType::Supervisor { ("[", "]") } else { ("(", ")") };
        let _ = writeln!(text, "    n{number}{open}\"{label}\"{close}");
        if let Some(above) = above {
            let _ = writeln!(text, "    n{above} --> n{number}");
        }
    });
    text
}

/// Visits each node with its number and that of the node above it, parents first.
fn walk(root: &TreeNode, visit: &mut impl FnMut(usize, Option<usize>, &TreeNode)) {
    let mut left = vec![(None, root)];
    let mut number = 0;
    while let Some((above, node)) = left.pop() {
        visit(number, above, node);
        left.extend(node.children.iter().rev().map(|child| (Some(number), child)));
        number += 1;
    }
}

/// What a node says, line by line. A line break inside an id is shown, not made.
fn lines(node: &TreeNode) -> impl Iterator<Item = String> {
    std::iter::once(&node.label).chain(&node.details()).map(clean).collect::<Vec<_>>().into_iter()
}

/// Inside quotes only these two mean something.
fn escape_dot(line: &str) -> String {
    line.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Mermaid has no escapes but the numbers of characters, and reads Markdown and HTML inside quotes:
/// so everything but letters, digits and harmless marks goes by its number.
fn escape_mermaid(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for char in line.chars() {
        if char.is_alphanumeric() || " _.,:()/".contains(char) {
            text.push(char);
        } else {
            let _ = write!(text, "#{};", u32::from(char));
        }
    }
    text
}
