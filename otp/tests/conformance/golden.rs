//! The files beside the scenarios.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What the scenarios are compared with.
pub struct Golden {
    /// The events of each block.
    pub blocks: BTreeMap<String, Vec<String>>,
    /// The blocks that are not built yet.
    pub pending: BTreeSet<String>,
    skips: BTreeMap<String, Vec<String>>,
    statements: BTreeSet<String>,
}

impl Golden {
    /// Reads the files of this folder.
    pub fn load() -> Golden {
        let folder = folder();
        let mut golden = Golden {
            blocks: BTreeMap::new(),
            pending: pending(&read(&folder.join("pending.txt"))),
            skips: BTreeMap::new(),
            statements: statements(&read(&folder.join("CATALOGUE.md"))),
        };
        let entries = std::fs::read_dir(folder.join("golden")).expect("the folder is there");
        for path in entries.map(|entry| entry.expect("it can be read").path()) {
            if path.file_name().is_some_and(|name| name == "typed_skips.txt") {
                golden.skips = skips(&read(&path));
            } else {
                golden.blocks.extend(blocks(&read(&path)));
            }
        }
        golden
    }

    /// The lines of a block that can be written in Rust; `None` when the whole block cannot.
    pub fn keep(&self, id: &str, lines: &[String]) -> Option<Vec<String>> {
        let prefixes = self.skips.get(id).map_or(&[][..], Vec::as_slice);
        if prefixes.iter().any(|prefix| prefix == "*") {
            return None;
        }
        let kept = lines.iter().filter(|line| !prefixes.iter().any(|p| line.starts_with(p)));
        Some(kept.cloned().collect())
    }

    /// Whether the catalogue has this statement.
    pub fn has_statement(&self, id: &str) -> bool {
        self.statements.contains(id)
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

fn read(path: &Path) -> String {
    match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => panic!("cannot read {}: {error}", path.display()),
    }
}

fn blocks(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut blocks = BTreeMap::new();
    let mut current: Option<&mut Vec<String>> = None;
    for line in text.lines() {
        if let Some(id) = line.strip_prefix("SCENARIO ") {
            current = Some(blocks.entry(id.trim().to_owned()).or_default());
        } else if let (Some(block), Some(event)) = (&mut current, line.strip_prefix("  ")) {
            block.push(event.to_owned());
        }
    }
    blocks
}

fn skips(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut skips: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, prefix) in text.lines().filter_map(|line| line.split_once('\t')) {
        skips.entry(id.to_owned()).or_default().push(prefix.to_owned());
    }
    skips
}

fn pending(text: &str) -> BTreeSet<String> {
    let ids = text.lines().map(|line| line.split('#').next().unwrap_or("").trim());
    ids.filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// The ids of the lines `- **GS-INIT-01** ..`.
fn statements(text: &str) -> BTreeSet<String> {
    let id = |line: &str| Some(line.strip_prefix("- **")?.split_once("**")?.0.to_owned());
    text.lines().filter_map(id).collect()
}
